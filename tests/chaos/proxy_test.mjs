// node proxy_test.mjs PROGRAM: two machines, and between them a way that is bad in each way that `jebi chaos proxy` knows.
// Whatever the network does, people get an answer in time, who does not need the other side notices nothing, what was
// acknowledged is there, and all is well when the way is good again. Both machines are on this one: 127.0.0.1, by TCP.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

import { Api } from "../lib/api.mjs";
import { before, check, eventually, finish } from "../lib/checks.mjs";
import { Jebi, program, run, temporary_folder } from "../lib/jebi.mjs";

const timeout_ms = 1_000;
const answer_ms_max = 8_000; // a page makes several calls
const tries = 6;

async function free_address() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return `127.0.0.1:${port}`;
}

const people = await free_address(), real_tweets = await free_address(), way_to_tweets = await free_address();

// The machine "a" knows the tweets by the way to them, "b" by where they are.
const topology = (tweets) => `[process.people]
modules = ["accounts", "follows"]
machine = "a"
contracts = "${people}"
[process.web]
modules = ["web", "timelines", "search", "notifications", "messages"]
machine = "a"
listen = "127.0.0.1:0"
[process.tweets]
modules = ["tweets"]
machine = "b"
contracts = "${tweets}"
[edge."* -> *"]
timeout_ms = ${timeout_ms}
stale_ms_max = 0
[secret]
file = "secret"
`;

async function start_machine(name, tweets) {
  const folder = temporary_folder(), data = temporary_folder();
  const file = join(folder, "topology.toml"), secret = join(folder, "secret");
  writeFileSync(file, topology(tweets));
  writeFileSync(secret, "s".repeat(40));
  chmodSync(secret, 0o600);
  const jebi = new Jebi(data, ["up", file, "--machine", name, "--data", data], {}, folder);
  await before(20_000, jebi.ready, `machine ${name}`);
  return jebi;
}

// A way to the tweets that is bad like this, until it is closed.
class Way {
  static async open(...trouble) {
    const way = new Way();
    way.child = spawn(program, ["chaos", "proxy", way_to_tweets, real_tweets, ...trouble], { stdio: ["ignore", "pipe", "inherit"] });
    way.ended = new Promise((done) => way.child.once("exit", done));
    await before(10_000, new Promise((open, fail) => {
      way.child.stdout.on("data", (said) => String(said).includes("is open") && open());
      way.ended.then((code) => fail(new Error(`the way ended with ${code}`)));
    }));
    return way;
  }
  async close() {
    this.child.kill("SIGINT");
    assert.equal(await this.ended, 0);
  }
}

const pids = async (jebi) => JSON.parse((await run(["status", "--json", "--data", jebi.data])).out).processes.map(({ name, pid }) => `${name} ${pid}`).sort();

let way = await Way.open();
process.on("exit", () => way.child.kill("SIGKILL"));
const b = await start_machine("b", real_tweets);
const a = await start_machine("a", way_to_tweets);
const visitor = new Api(a.url);
const bora = await visitor.sign_up("bora");
const acknowledged = new Set(), said = new Set();
let number = 0;

async function write() {
  const text = `number ${number += 1}`;
  said.add(text);
  const { status } = await before(answer_ms_max, bora.post("/api/v1/tweets", { text }), "the answer to a tweet");
  if (status === 201) acknowledged.add(text);
  return status;
}
async function read() {
  const { status, body } = await before(answer_ms_max, visitor.get("/api/v1/tweets?limit=100"), "the list of tweets");
  for (const { text } of status === 200 ? body.tweets : []) assert.ok(said.has(text), `nobody said "${text}"`);
  return status;
}
const all_is_well = () => eventually(async () => (await read()) === 200 && (await write()) === 201, "a good way");

await check("over a good way nobody notices that it is there", async () => {
  await eventually(async () => (await read()) === 200, "tweets from the other machine");
  assert.equal(await write(), 201);
});

for (const [trouble, ...how] of [["no-accept"], ["no-answer"], ["delay", "--by", "3s"], ["half-close"], ["corrupt", "--share", "0.02"],
  ["bandwidth", "--bytes-per-second", "100"]]) {
  await check(`a way with ${trouble}: an answer in time, nobody goes down, and nothing is lost`, async () => {
    await all_is_well();
    const running = [await pids(a), await pids(b)];
    await way.close();
    way = await Way.open("--trouble", trouble, ...how);
    // What has been turned over on its way may be no answer that anybody could mean: that is an error inside.
    const honest = [200, 201, 503, 504, ...(trouble === "corrupt" ? [500] : [])];
    let felt = 0;
    for (let i = 0; i < tries; ++i) {
      for (const status of [await read(), await write()]) {
        assert.ok(honest.includes(status), `${status}`);
        felt += status >= 500 ? 1 : 0;
      }
      assert.equal((await visitor.get("/signup")).status, 200);
      assert.equal((await visitor.get("/api/v1/users/bora")).status, 200);
    }
    assert.ok(felt > 0, "nobody felt the trouble");
    await way.close();
    way = await Way.open();
    await all_is_well();
    assert.deepEqual([await pids(a), await pids(b)], running);
    const there = (await visitor.get("/api/v1/tweets?limit=100")).body.tweets.map(({ text }) => text);
    for (const text of acknowledged) assert.ok(there.includes(text), `${text} is lost`);
    for (const text of there) assert.ok(said.has(text), `nobody said "${text}"`);
  });
}

await check("what cannot be meant is refused, with what can", async () => {
  const unknown = await run(["chaos", "proxy", way_to_tweets, real_tweets, "--trouble", "rain"]);
  assert.equal(unknown.code, 2);
  assert.match(unknown.err, /half-close, corrupt, bandwidth/);
  const taken = await run(["chaos", "proxy", real_tweets, way_to_tweets]);
  assert.notEqual(taken.code, 0);
  assert.match(taken.err, new RegExp(real_tweets.replaceAll(".", "\\.")));
});

await way.close();
await a.stop();
await b.stop();
finish();

// node trending_test.mjs BUILD_DIR [SEED]: the trending hashtags in Node.js (examples/polyglot/trending), as its README has them: a copy
// with packages beside it, the tweets' contract behind a Unix socket, and curl.
//
// While people write, edit and delete, the service is killed again and again, and the tweets too; in the end it has counted each
// tweet once. JEBI_ROUNDS: how often (5).
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

import { before, check, eventually, finish, random_from } from "../lib/checks.mjs";
import { need, packages, required } from "../lib/packages.mjs";
import { root } from "../contracts/buf.mjs";

need(["@connectrpc/connect-node", "@bufbuild/protobuf"], "trending hashtags in Node.js");
const build = resolve(process.argv[2]);
const seed = Number(process.argv[3] ?? Math.floor(Math.random() * 2 ** 32));
const random = random_from(seed);
const one_of = (list) => list[Math.floor(random() * list.length)];
const rounds = Number(process.env.JEBI_ROUNDS ?? 5);
const folder = mkdtempSync(join(tmpdir(), "jebi-trending-"));
const program = join(folder, "program");
const contracts = join(build, "modules", "web", "contracts", "contracts.binpb");
cpSync(join(root, "examples", "polyglot", "trending"), program, { recursive: true, filter: (path) => !path.includes("node_modules") });
symlinkSync(join(packages, "node_modules"), join(program, "node_modules"));

// ---- The processes ----

// Starts a program that says "listening ADDRESS".
async function start(file, args, environment = {}) {
  const child = spawn(file, args, { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, ...environment } });
  let told = "";
  child.stderr.on("data", (piece) => (told += piece));
  const ended = new Promise((done) => child.once("close", (code, signal) => done(signal ?? code)));
  const first_line = new Promise((done) => createInterface({ input: child.stdout }).once("line", done));
  const line = await before(20_000, Promise.race([first_line, ended.then((code) => Promise.reject(new Error(`it ended with ${code}: ${told}`)))]), file);
  const end = (signal) => child.kill(signal) && ended;
  return { address: line.replace("listening ", ""), told: () => told, end, ended };
}
const data = join(folder, "trending");
const own_socket = join(folder, "trending.sock");
const start_tweets = () => start(join(build, "bin", "contracts-server"), [folder]);
const arguments_ = (listen, more = []) => [join(program, "trending.mjs"), "--tweets", `unix:${join(folder, "contracts.sock")}`, "--listen", listen,
  "--data", data, "--contracts", contracts, ...more];
const start_trending = (listen = `unix:${own_socket}`) => start(process.execPath, arguments_(listen));
let tweets_server = await start_tweets();
let trending = await start_trending();

// ---- The people ----

const { createFileRegistry, fromBinary } = required("@bufbuild/protobuf");
const { FileDescriptorSetSchema } = required("@bufbuild/protobuf/wkt");
const { Code, ConnectError, createClient } = required("@connectrpc/connect");
const { createConnectTransport } = required("@connectrpc/connect-node");
const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(contracts)));
const client_of = (service, address) => {
  const socketPath = address.startsWith("unix:") ? address.slice("unix:".length) : undefined;
  const transport = createConnectTransport({ httpVersion: "1.1", baseUrl: socketPath ? "http://jebi" : `http://${address}`, nodeOptions: { socketPath } });
  return createClient(registry.getService(service), transport);
};
const tweets = client_of("jebi.tweets.v1.Tweets", `unix:${join(folder, "contracts.sock")}`);
const top_at = (address) => client_of("jebi.trending.v1.Trending", address);
const by = (user, key) => ({ headers: { "Jebi-User": String(user), ...(key && { "Idempotency-Key": key }) }, timeoutMs: 10_000 });

// The truth: id -> hashtags of the tweets that are there. Writes are repeated with their key until they are acknowledged. Connect takes
// some of what a killed server does to a socket for errors of its own.
const cut_off = ["ENOENT", "EPIPE", "ECONNRESET", "ECONNREFUSED"];
const truth = new Map();
let keys = 0;
async function acknowledged(act) {
  const key = `${seed}-${++keys}`;
  for (let tries = 0; ; ++tries) {
    try {
      return await act(key);
    } catch (error) {
      const { code, cause } = ConnectError.from(error);
      const is_away = [Code.Unavailable, Code.DeadlineExceeded, Code.Aborted].includes(code) || cut_off.includes(cause?.code);
      if (tries > 500 || !is_away) throw error;
      await new Promise((done) => setTimeout(done, 20));
    }
  }
}
const hashtags = ["제비", "봄", "서울의밤", "swallow", "Swallow", "ＳＷＡＬＬＯＷ", "ﾃｽﾄ", "テスト", "Straße", "STRASSE", "café", "café"];
const fold = { Swallow: "swallow", "ＳＷＡＬＬＯＷ": "swallow", "ﾃｽﾄ": "テスト", Straße: "strasse", STRASSE: "strasse", Zugvogel: "zugvogel", ZUGVOGEL: "zugvogel", "café": "café" };
const folded = (hashtag) => fold[hashtag] ?? hashtag;
const some_hashtags = () => hashtags.filter(() => random() < 0.2);
const text_of = (list) => `${Math.floor(random() * 1e9)} ${list.map((hashtag) => `#${hashtag}`).join(" ")}`.trim();
const known = (list) => new Set(list.map(folded));

async function write() {
  const list = some_hashtags(), text = text_of(list);
  const { id } = await acknowledged((key) => tweets.write({ text }, by(1, key)));
  truth.set(id, known(list));
}
async function change() {
  if (truth.size === 0) return write();
  const id = one_of([...truth.keys()]);
  const list = some_hashtags(), text = text_of(list);
  if (random() < 0.5) {
    await acknowledged((key) => tweets.edit({ id, text }, by(1, key)));
    truth.set(id, known(list));
  } else {
    await acknowledged((key) => tweets.delete({ id }, by(1, key)));
    truth.delete(id);
  }
}
const repost = () => truth.size > 0 && acknowledged((key) => tweets.repost({ id: one_of([...truth.keys()]) }, by(2, key)));
const live = async (acts) => {
  for (let i = 0; i < acts; ++i) await one_of([write, write, write, change, change, repost])();
};

const sure = ([{ reason }]) => reason && assert.fail(reason);

const counted_truth = () => {
  const counts = {};
  for (const list of truth.values()) for (const hashtag of list) counts[hashtag] = (counts[hashtag] ?? 0) + 1;
  return counts;
};
const counted = async (address = trending.address) => {
  const { hashtags: list } = await top_at(address).top({ limit: 40, hours: 24 }, { timeoutMs: 5_000 });
  return Object.fromEntries(list.map(({ hashtag, tweets: many }) => [folded(hashtag), Number(many)]));
};
const same = (a, b) => Object.keys(a).length === Object.keys(b).length && Object.keys(a).every((key) => a[key] === b[key]);
async function it_is_the_truth() {
  let seen;
  await eventually(async () => same((seen = await counted()), counted_truth()), "the truth").catch(() => assert.deepEqual(seen, counted_truth()));
}

// ---- The checks ----

console.log(`seed ${seed}`);
await check("what people write is counted, Korean and all", async () => {
  await live(150);
  await it_is_the_truth();
  assert.ok(counted_truth()["제비"] > 0);
});
await check("a tag is shown as it was last typed, and of equals the one used last comes first", async () => {
  for (const typed of ["Zugvogel", "ZUGVOGEL"]) {
    const { id } = await acknowledged((key) => tweets.write({ text: `#${typed}` }, by(1, key)));
    truth.set(id, known([typed]));
  }
  await it_is_the_truth();
  const { hashtags: list } = await top_at(trending.address).top({ limit: 40, hours: 168 });
  for (let i = 1; i < list.length; ++i) assert.ok(list[i - 1].tweets >= list[i].tweets);
  const all_of_two = list.filter(({ tweets: many }) => many === 2n);
  assert.equal(all_of_two[0].hashtag, "ZUGVOGEL");
});
for (let round = 1; round <= rounds; ++round) {
  await check(`killed in the middle, it counts on from where it was (${round})`, async () => {
    const living = Promise.allSettled([live(60)]);
    for (let kills = 0; kills < 3; ++kills) {
      await new Promise((done) => setTimeout(done, random() * 80));
      await trending.end("SIGKILL");
      trending = await start_trending();
    }
    sure(await living);
    await it_is_the_truth();
  }, 60_000);
}
await check("the tweets are killed and come back", async () => {
  const living = Promise.allSettled([live(60)]);
  await tweets_server.end("SIGKILL");
  tweets_server = await start_tweets();
  sure(await living);
  await it_is_the_truth();
}, 60_000);
await check("away, the tweets cost only news", async () => {
  await tweets_server.end("SIGKILL");
  assert.deepEqual(await counted(), counted_truth());
  assert.match(curl("/readyz?verbose"), /\[\+\]database ok[^]*\[-\]tweets degraded[^]*ready/);
  tweets_server = await start_tweets();
  await eventually(() => /\[\+\]tweets ok: 0 events to go/.test(curl("/readyz?verbose")), "the tweets' return");
});
await check("a line that was cut off by a crash is taken away", async () => {
  await trending.end("SIGKILL");
  appendFileSync(join(data, "journal"), '0123456789abcdef {"changes":[["1",99999999999999,["lie"]]],"position":"99999');
  trending = await start_trending();
  await it_is_the_truth();
  assert.ok(!readFileSync(join(data, "journal"), "utf8").includes("lie"));
});
await check("a database that somebody else writes to is left alone", async () => {
  await trending.end("SIGKILL");
  trending = await start_trending();
  await it_is_the_truth();
  appendFileSync(join(data, "journal"), "somebody else\n");
  const { size } = statSync(join(data, "journal"));
  await write();
  await eventually(() => trending.told().includes("somebody else writes to this database"), "a word about it");
  assert.equal(statSync(join(data, "journal")).size, size);
  await trending.end("SIGKILL");
  trending = await start_trending();
  await it_is_the_truth();
});
await check("counted anew, from nothing, it is the same", async () => {
  await trending.end("SIGTERM");
  rmSync(data, { recursive: true });
  trending = await start_trending();
  await it_is_the_truth();
});
await check("bounds are refused with their field, 0 means the standard", async () => {
  for (const [request, field] of [[{ limit: 41 }, "limit"], [{ hours: 169 }, "hours"]]) {
    const error = await top_at(trending.address).top(request).then(() => assert.fail("taken"), ConnectError.from);
    assert.equal(error.code, Code.InvalidArgument);
    const [info] = error.findDetails(registry.getMessage("jebi.rpc.v1.ErrorInfo"));
    assert.deepEqual([info.reason, info.field], ["out_of_range", field]);
  }
  assert.ok((await top_at(trending.address).top({})).hashtags.length <= 10);
});
await check("health: alive, ready, and by gRPC's contract", async () => {
  assert.equal(curl("/livez"), "ok\n");
  assert.equal(curl("/readyz"), "ok\n");
  const asked = curl("/grpc.health.v1.Health/Check", "-H", "Content-Type: application/json", "-d", "{}");
  assert.deepEqual(JSON.parse(asked), { status: "SERVING" });
});
await check("a second one does not take the socket", async () => {
  await assert.rejects(start_trending(), /ended with 1: error: somebody listens on/);
  assert.equal(curl("/livez"), "ok\n");
});
await check("a wrong command line is refused with a hint", async () => {
  const wrong = (...args) => assert.rejects(start(process.execPath, [join(program, "trending.mjs"), ...args]), /ended with 2: error: .*\n {2}hint: /);
  await wrong("--data", data);
  await wrong("--data", data, "--tweets", "unix:x", "--port", "1");
});
await check("asked to end, it ends with 0 though it waits for events", async () => {
  assert.equal(await before(5_000, trending.end("SIGTERM"), "its end"), 0);
});

function curl(path, ...more) {
  return execFileSync("curl", ["-sS", "--unix-socket", own_socket, ...more, `http://jebi${path}`], { encoding: "utf8" });
}

await Promise.all([trending.end("SIGKILL"), tweets_server.end("SIGKILL")]);
rmSync(folder, { recursive: true });
finish();

// node machines_test.mjs PROGRAM: a topology on two machines, that know each other by a secret, and by certificates.
import assert from "node:assert/strict";
import { chmodSync, copyFileSync, readdirSync, writeFileSync } from "node:fs";
import { request as ask_plain } from "node:http";
import { request as ask_tls } from "node:https";
import { createServer } from "node:net";
import { join } from "node:path";

import { Api, password_of } from "../lib/api.mjs";
import { Authority, has_openssl } from "../lib/certificates.mjs";
import { before, check, eventually, finish, skip } from "../lib/checks.mjs";
import { in_a_network_of_its_own, two_machines } from "../lib/network.mjs";
import { Jebi, program, run, temporary_folder } from "../lib/jebi.mjs";

await in_a_network_of_its_own();
const network = await two_machines();
const secret = "a".repeat(20) + "-between-machines-" + "b".repeat(20);
const other_secret = secret.toUpperCase();

async function free_port() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

const at = { people: `${network.addresses[0]}:${await free_port()}`, tweets: `${network.addresses[1]}:${await free_port()}`,
  rest: `${network.addresses[1]}:${await free_port()}` };

// People and pages on machine "a", tweets and what derives from them on "b": both call each other.
function topology(more) {
  return `[process.people]
modules = ["accounts", "follows"]
machine = "a"
contracts = "${at.people}"
[process.web]
modules = ["web"]
machine = "a"
listen = "127.0.0.1:0"
[process.tweets]
modules = ["tweets"]
machine = "b"
contracts = "${at.tweets}"
[process.rest]
modules = ["timelines", "search", "notifications", "messages"]
machine = "b"
contracts = "${at.rest}"
[edge."* -> *"]
timeout_ms = 3000
stale_ms_max = 0
[secret]
file = "secret"
${more}`;
}

function write_secret(file, content) {
  writeFileSync(file, content);
  chmodSync(file, 0o600);
}

// A machine: its copy of the topology and of what the topology names, and its data.
class Machine {
  constructor(index, more, given = secret) {
    this.index = index;
    this.name = "ab"[index];
    this.folder = temporary_folder();
    this.data = temporary_folder();
    this.file = join(this.folder, "topology.toml");
    writeFileSync(this.file, topology(more));
    write_secret(join(this.folder, "secret"), given);
  }

  use({ cert, key }, roots) {
    for (const [from, to] of [[cert, "cert.pem"], [key, "key.pem"], [roots, "roots.pem"]]) copyFileSync(from, join(this.folder, to));
  }

  async start() {
    const words = [...network.words(this.index), program, "up", this.file, "--machine", this.name, "--data", this.data];
    this.jebi = new Jebi(this.data, words.slice(1), {}, this.folder, words[0]);
    await before(20_000, this.jebi.ready, `machine ${this.name}`);
  }

  stop() { return this.jebi.stop(); }

  async process(name) {
    const { out } = await run(["status", "--json", "--data", this.data]);
    return JSON.parse(out).processes.find((one) => one.name === name);
  }

  // What its process's control socket answers.
  async control(name, path) {
    const { out } = await run(["status", "--json", "--data", this.data]);
    assert.ok(!out.includes(secret));
    const process = JSON.parse(out).processes.find((one) => one.name === name);
    const socket = readdirSync(join(this.data, "run")).find((file) => file.startsWith(`${name}.`) && file.includes("control"));
    assert.ok(process && socket, name);
    return (await asked(ask_plain, { socketPath: join(this.data, "run", socket), path })).body;
  }

  log() { return this.jebi.log.join("\n"); }
}

// {status, fields, body} of a request.
function asked(ask, options, body = null) {
  return before(10_000, new Promise((resolve, reject) => {
    const request = ask({ agent: false, ...options }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (piece) => (text += piece));
      answer.on("end", () => resolve({ status: answer.statusCode, fields: answer.headers, body: text }));
      answer.on("error", reject);
    });
    request.on("error", reject);
    request.end(body);
  }), "an answer");
}

// A call of a contract as a stranger makes it, who has got only so far.
function call(address, authorization, { ask = ask_plain, path = "/jebi.tweets.v1.Tweets/LastEvent", method = "POST", ...more } = {}) {
  const [host, port] = address.split(":");
  const headers = { "Content-Type": "application/json", ...(authorization === null ? {} : { Authorization: authorization }) };
  return asked(ask, { host, port, path, method, headers, ...more }, method === "POST" ? "{}" : null);
}

const write = (person, text) => person.post("/api/v1/tweets", { text }).then(({ status }) => status, () => 0);
// All tweets there are, from the newest.
async function texts(person) {
  const all = [];
  for (let cursor = ""; cursor !== undefined;) {
    const { body } = await person.get(`/api/v1/tweets?limit=100${cursor}`);
    all.push(...(body.tweets ?? []).map(({ text }) => text));
    cursor = body.next ? `&cursor=${body.next}` : undefined;
  }
  return all;
}
const home = async (person) => (await person.get("/api/v1/timelines/home")).body.map(({ content }) => content.replaceAll(/<[^>]*>/g, ""));
const writes_again = (person, text) => eventually(async () => (await write(person, text)) === 201, "a tweet across the machines");

async function people(machine) {
  const visitor = new Api(machine.jebi.url);
  return [await visitor.sign_up("bora"), await visitor.sign_up("minji")];
}

// Sign up on one machine, post to the other, and read what that one derives from both.
async function works_across(bora, minji) {
  const followed = (await minji.put("/api/v1/users/bora/follow")).status;
  assert.ok(followed === 200 || followed === 204, `${followed}`);
  await writes_again(bora, "hello across");
  assert.ok((await texts(minji)).includes("hello across"));
  await eventually(async () => (await home(minji)).includes("hello across"), "it in minji's home");
}

async function refused_without_secret(address, options) {
  for (const authorization of [null, `Bearer ${other_secret}`, `Bearer ${secret}x`, `Basic ${secret}`, "Bearer "]) {
    const { status, fields, body } = await call(address, authorization, options);
    assert.equal(status, 401, `${authorization}: ${body}`);
    assert.equal(JSON.parse(body).code, "unauthenticated");
    assert.match(fields["www-authenticate"], /^Bearer/);
    assert.ok(!body.includes(secret));
  }
  assert.equal((await call(address, `Bearer ${secret}`, options)).status, 200);
}

const plain = network.cut ? "plain = true" : "";
const a = new Machine(0, plain);
const b = new Machine(1, plain);
let bora, minji;

await check("a machine is ready without the other, says what is missing, and goes on when that comes", async () => {
  await a.start();
  assert.equal((await new Api(a.jebi.url).get("/signup")).status, 200);
  assert.equal((await new Api(a.jebi.url).get("/api/v1/tweets")).status, 503);
  await b.start();
  await eventually(async () => (await new Api(a.jebi.url).get("/api/v1/tweets")).status === 200, "tweets from the other machine");
});

await check("with the secret the machines work as one", async () => {
  [bora, minji] = await people(a);
  await works_across(bora, minji);
});

await check("without the secret, or with another, nobody is let in; and that is counted", async () => {
  await refused_without_secret(at.tweets);
  await refused_without_secret(at.people, { path: "/jebi.accounts.v1.Accounts/LastEvent" });
  for (const path of ["/readyz", "/metrics", "/nothing"]) assert.equal((await call(at.tweets, null, { path, method: "GET" })).status, 401, path);
  assert.equal((await call(at.tweets, null, { path: "/livez", method: "GET" })).status, 200);
  const metrics = await b.control("tweets", "/metrics");
  assert.match(metrics, /rpc_strangers_total 8\b/);
  for (const told of [metrics, await b.control("tweets", "/status"), a.log(), b.log()]) assert.ok(!told.includes(secret));
});

await check("a process of the other machine that is killed is back, and what was acknowledged is there", async () => {
  const killed = await b.process("tweets");
  process.kill(killed.pid, "SIGKILL");
  await writes_again(bora, "after the kill");
  await eventually(async () => (await b.process("tweets"))?.health === "ready", "tweets to be ready");
  assert.notEqual((await b.process("tweets")).pid, killed.pid);
  assert.ok((await texts(minji)).includes("hello across"));
});

await check("the other machine's process is deployed while people write, and status and map show it", async () => {
  let failed = 0, ended = false;
  const writing = (async () => {
    for (let number = 0; !ended; number += 1) failed += (await write(bora, `number ${number}`)) === 201 ? 0 : 1;
  })();
  const deployed = await run(["deploy", "tweets", "--data", b.data]);
  ended = true;
  await writing;
  assert.equal(deployed.code, 0, deployed.err);
  assert.equal(failed, 0);
  const { neighbours } = JSON.parse(await a.control("web", "/status"));
  assert.ok(JSON.stringify(neighbours).includes(at.tweets), JSON.stringify(neighbours));
  assert.match((await run(["map", "--data", a.data])).out, /web[^]*tweets/);
});

await check("a machine that is gone costs what it has, and it is all there when it is back", async () => {
  assert.equal(await b.stop(), 0);
  assert.equal((await bora.get("/api/v1/users/minji")).status, 200);
  assert.equal(await write(bora, "nobody takes this"), 503);
  await b.start();
  await writes_again(bora, "back again");
  assert.ok((await texts(minji)).includes("after the kill"));
});

if (!network.cut) skip("a cable that is cut", "there are no network namespaces here");
else await check("while the cable is cut calls end in time, and all is well when it is mended", async () => {
  network.cut();
  for (let i = 0; i < 3; i += 1) {
    const { status } = await bora.post("/api/v1/tweets", { text: "into nowhere" });  // an answer, not a wait without an end
    assert.ok(status === 503 || status === 504, `${status}`);
  }
  network.mend();
  await writes_again(bora, "mended");
});

await check("another secret on the other machine is told to the operator, and not to people as 'please sign in'", async () => {
  await b.stop();
  write_secret(join(b.folder, "secret"), other_secret);
  await b.start();
  await eventually(async () => (await write(bora, "with another secret")) === 503, "the refusal");
  assert.equal((await bora.get("/api/v1/users/minji")).status, 200);
  await eventually(() => a.log().includes("The shared secret is another one here."), "the reason in the log");
});

await check("files that do not fit are refused at the start, with what to do", async () => {
  await b.stop();
  const up = (machine = "b") => run(["up", b.file, "--machine", machine, "--data", b.data]);
  write_secret(join(b.folder, "secret"), secret);
  assert.match((await up("bb")).err, /no process on the machine "bb".*--machine b\?/);
  chmodSync(join(b.folder, "secret"), 0o644);
  const readable = await up();
  assert.equal(readable.code, 2);
  assert.match(readable.err, /others than its owner may read.*chmod 600/);
  write_secret(join(b.folder, "secret"), "short");
  assert.match((await up()).err, /32 to 4096.*openssl rand/);
});
await a.stop();

if (!has_openssl()) skip("TLS between machines", "there is no openssl");
else {
  const names = network.addresses.map((address) => `IP:${address}`).join();
  const authority = new Authority(names);
  const tls = '[tls]\ncert = "cert.pem"\nkey = "key.pem"\nroots = "roots.pem"';
  const machines = [new Machine(0, tls), new Machine(1, tls)];
  const [here, there] = machines;
  for (const machine of machines) machine.use(authority.make(machine.name), authority.roots_file);

  await check("with certificates the machines work as one", async () => {
    await Promise.all(machines.map((machine) => machine.start()));
    [bora, minji] = await people(here);
    await works_across(bora, minji);
  });

  await check("TLS is no way around the secret, and plain text no way around TLS", async () => {
    await refused_without_secret(at.tweets, { ask: ask_tls, ca: authority.roots });
    await assert.rejects(call(at.tweets, `Bearer ${secret}`));
  });

  await check("a certificate of somebody else is not trusted, and the operator is told why", async () => {
    await there.stop();
    const foreign = new Authority(names);
    there.use(foreign.make("foreign"), authority.roots_file);
    await there.start();
    await eventually(async () => (await write(bora, "to a stranger")) === 503, "the refusal");
    await eventually(() => here.log().includes(`The certificate of ${network.addresses[1]} is not trusted: `), "the reason in the log");
    await eventually(async () => {
      await write(bora, "again");
      return /"breaker":"(open|half-open)"/.test(await here.control("web", "/status"));
    }, "an open breaker");
    await there.stop();
    there.use(authority.make("again"), authority.roots_file);
    await there.start();
    await writes_again(bora, "trusted again");
    assert.equal((await new Api(here.jebi.url).post("/api/v1/sessions", { username: "minji", password: password_of("minji") })).status, 201);
  });
  for (const machine of machines) await machine.stop();
}

finish();

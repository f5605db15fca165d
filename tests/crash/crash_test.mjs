// node crash_test.mjs PROGRAM [ROUNDS] [SEED]: kill -9 at random moments under load.
//
// Each round starts jebi on the same data, writes tweets from several connections, kills the process without a word
// after 20 to 500 ms, starts it again and compares what is there with what was promised:
//   every acknowledged tweet is there, unchanged; no idempotency key has two; a write that got no answer may be there
//   or not, and sending it again makes it one; nothing is there that nobody sent.
// What counts is the history on this side, never what the killed process says of itself.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";

import { Api } from "../lib/api.mjs";
import { check, finish, random_from } from "../lib/checks.mjs";
import { Jebi, temporary_folder } from "../lib/jebi.mjs";

const rounds = Number(process.argv[3] ?? 60);
const seed = Number(process.argv[4] ?? Math.floor(Math.random() * 2 ** 32));
const clients = 12;
const kill_ms_min = 20, kill_ms_max = 500;
const acknowledged_per_second_min = 200;
const ready_ms_p95_max = 500;
const integrity_every = 10;

const random = random_from(seed);
const data = temporary_folder();
const history = new Map();  // key -> {text, id: null while unknown}
const ready_ms = [];
let load_ms = 0, acknowledged = 0, unknown = 0, token = null;

console.log(`crash: ${rounds} rounds, seed ${seed}`);

// One write on a connection of its own; null when the connection broke before the answer.
function write(url, agent, key) {
  return new Promise((resolve, reject) => {
    const body = JSON.stringify({ text: history.get(key).text });
    const request = http.request(`${url}/api/v1/tweets`, {
      agent,
      method: "POST",
      headers: {
        Authorization: `Bearer ${token}`,
        "Content-Type": "application/json",
        "Content-Length": Buffer.byteLength(body),
        "Idempotency-Key": key,
      },
    });
    request.setTimeout(10_000, () => request.destroy(new Error("no answer in 10 s")));
    request.once("error", () => resolve(null));
    request.once("response", (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (piece) => (text += piece));
      answer.once("error", () => resolve(null));
      answer.once("end", () => {
        if (answer.statusCode !== 201) return reject(new Error(`a write was answered ${answer.statusCode}: ${text}`));
        resolve(JSON.parse(text).id);
      });
    });
    request.end(body);
  });
}

// Writes until the connection breaks.
async function keep_writing(url, round, client) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  for (let i = 0; ; ++i) {
    const key = `${round}-${client}-${i}`;
    history.set(key, { text: `round ${round}, client ${client}, tweet ${i} 제비`, id: null });
    const id = await write(url, agent, key);
    if (id === null) break;
    history.get(key).id = id;
    acknowledged += 1;
  }
  agent.destroy();
}

async function load_and_kill(jebi, round) {
  const began = performance.now();
  const writers = Array.from({ length: clients }, (_, client) => keep_writing(jebi.url, round, client));
  const moment = kill_ms_min + random() * (kill_ms_max - kill_ms_min);
  const killed = new Promise((resolve) => setTimeout(resolve, moment)).then(() => {
    load_ms += performance.now() - began;
    return jebi.kill();
  });
  await Promise.all([killed, ...writers]);
}

// Sends again what got no answer, and some of what did: each must be one tweet.
async function send_again(jebi, round) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
  for (const [key, sent] of history) {
    if (!key.startsWith(`${round}-`) || (sent.id !== null && random() > 0.02)) continue;
    const id = await write(jebi.url, agent, key);
    assert.notEqual(id, null, "jebi went away by itself");
    if (sent.id === null) {
      unknown += 1;
      sent.id = id;
    }
    assert.equal(id, sent.id, `the key ${key} made a second tweet`);
  }
  agent.destroy();
}

// Reads the tweets from the newest on, as long as `goes_on` says so of a page.
async function stored(jebi, goes_on) {
  const api = new Api(jebi.url);
  const tweets = [];
  for (let cursor = ""; ; ) {
    const { body } = await api.get(`/api/v1/tweets?limit=100${cursor}`);
    tweets.push(...body.tweets);
    if (body.next === null || !goes_on(body.tweets)) return tweets;
    cursor = `&cursor=${body.next}`;
  }
}

function compare(sent, tweets) {
  const there = new Map();
  for (const { id, text } of tweets) {
    assert.ok(!there.has(text), `twice in the store: ${text}`);
    there.set(text, id);
  }
  for (const [key, { text, id }] of sent) {
    assert.equal(there.get(text), id, `acknowledged, and lost: ${key}`);
    there.delete(text);
  }
  assert.equal(there.size, 0, `in the store, and never sent: ${[...there.keys()][0]}`);
}

async function compare_round(jebi, round) {
  const mine = ({ text }) => text.startsWith(`round ${round},`);
  const tweets = await stored(jebi, (page) => page.some(mine));
  compare([...history].filter(([key]) => key.startsWith(`${round}-`)), tweets.filter(mine));
}

// SQLite's own check, on a copy of what the killed process left.
function check_integrity() {
  const folder = temporary_folder();
  for (const name of ["jebi.db", "jebi.db-wal"]) {
    if (existsSync(join(data, name))) copyFileSync(join(data, name), join(folder, name));
  }
  const { stdout, stderr } = spawnSync("sqlite3", [join(folder, "jebi.db"), "PRAGMA integrity_check;"], { encoding: "utf8" });
  assert.equal(stdout.trim(), "ok", stderr);
}

async function start() {
  const jebi = await Jebi.start({ data });
  ready_ms.push(jebi.ready_ms);
  return jebi;
}

let jebi = await start();
token = (await new Api(jebi.url).sign_up("crash")).token;

for (let round = 1; round <= rounds; ++round) {
  let broken = false;
  await check(`round ${round} of seed ${seed}`, async () => {
    broken = true;
    await load_and_kill(jebi, round);
    if (round % integrity_every === 0) check_integrity();
    jebi = await start();
    await send_again(jebi, round);
    await compare_round(jebi, round);
    broken = false;
  });
  if (broken) break;
}

await check("at the end, everything that was acknowledged in all rounds is there once", async () => {
  compare([...history], await stored(jebi, () => true));
});

await check("jebi ends cleanly, and its database is whole", async () => {
  assert.equal(await jebi.stop(), 0);
  check_integrity();
});

const per_second = Math.round(acknowledged / (load_ms / 1000));
const p95 = Math.round(ready_ms.sort((a, b) => a - b)[Math.ceil(ready_ms.length * 0.95) - 1]);
console.log(`crash: ${acknowledged} acknowledged (${per_second}/s), ${unknown} without an answer; ready again in ${p95} ms (p95)`);

await check(`the load was worth the name: ${acknowledged_per_second_min} acknowledged writes a second`, async () => {
  assert.ok(per_second >= acknowledged_per_second_min, `${per_second}/s`);
});

await check(`ready again within ${ready_ms_p95_max} ms in 95 of 100 starts`, async () => {
  assert.ok(p95 < ready_ms_p95_max, `${p95} ms`);
});

finish();

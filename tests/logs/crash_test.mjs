// node crash_test.mjs PROGRAM [ROUNDS] [SEED]: kill -9 of log-analytics at random moments under load.
//
// Each round starts it on the same data, sends events with ids from several connections while somebody counts them,
// kills the process without a word after 20 to 500 ms, starts it again and compares what is there with what was
// promised (history.mjs). Tails and segments are small, so that kills meet seals, merges and the manifest's switch.
import assert from "node:assert/strict";

import { check, finish, random_from } from "../lib/checks.mjs";
import { temporary_folder } from "../lib/jebi.mjs";
import { LogAnalytics } from "../lib/log_analytics.mjs";
import { History } from "./history.mjs";

const rounds = Number(process.argv[3] ?? process.env.JEBI_ROUNDS ?? 60);
const seed = Number(process.argv[4] ?? Math.floor(Math.random() * 2 ** 32));
const clients = 12;
const kill_ms_min = 20, kill_ms_max = 500;
const acknowledged_per_second_min = 500;
const ready_ms_p95_max = 500;
const args = ["--store-tail-rows-max", "400", "--store-segment-rows-max", "20000", "--query-memory-mib-max", "1024"];

const random = random_from(seed);
const history = new History(random);
const data = temporary_folder();
const ready_ms = [];
const background = { sealed: 0, merged: 0 };
let load_ms = 0;

console.log(`logs/crash: ${rounds} rounds, seed ${seed}`);

async function start() {
  const service = await LogAnalytics.start({ data, args });
  ready_ms.push(service.ready_ms);
  return service;
}

const passed = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function load_and_kill(service, round) {
  const began = performance.now();
  const moment = kill_ms_min + random() * (kill_ms_max - kill_ms_min);
  const look = passed(moment * 0.8).then(() => service.stats()).then(({ sealed, merged }) => {
    background.sealed += sealed;
    background.merged += merged;
  }, () => {});  // the kill may come first
  const killed = passed(moment).then(() => {
    load_ms += performance.now() - began;
    return service.kill();
  });
  await Promise.all([killed, look, history.load(service.url, round, clients), history.keep_counting(service)]);
}

let service = await start();
for (let round = 1; round <= rounds; ++round) {
  let broken = true;
  await check(`round ${round} of seed ${seed}`, async () => {
    await load_and_kill(service, round);
    service = await start();
    await history.compare(service, round);
    await history.send_again(service.url, round);
    await history.compare(service, round);
    assert.deepEqual((await service.stats()).damaged, []);
    broken = false;
  });
  if (broken) break;
}

await check("at the end, everything that was sent in all rounds is there once", () => history.compare_all(service), 120_000);

await check("it ends cleanly, and has everything when it starts again", async () => {
  assert.equal(await service.stop(), 0);
  service = await start();
  await history.compare_all(service);
  assert.equal(await service.stop(), 0);
}, 120_000);

const per_second = Math.round(history.acknowledged / (load_ms / 1000));
const p95 = Math.round(ready_ms.sort((a, b) => a - b)[Math.ceil(ready_ms.length * 0.95) - 1]);
console.log(`logs/crash: ${history.acknowledged} acknowledged (${per_second}/s), ${history.resent} without an answer; ` +
  `${background.sealed} tails sealed and ${background.merged} segments merged; ready again in ${p95} ms (p95)`);

await check(`the load was worth the name: ${acknowledged_per_second_min} acknowledged events a second, seals and merges`, async () => {
  assert.ok(per_second >= acknowledged_per_second_min, `${per_second}/s`);
  assert.ok(background.sealed >= rounds / 2 && background.merged >= rounds / 10, JSON.stringify(background));
});

await check(`ready again within ${ready_ms_p95_max} ms in 95 of 100 starts`, async () => {
  assert.ok(p95 < ready_ms_p95_max, `${p95} ms`);
});

finish();

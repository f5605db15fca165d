// node storm_test.mjs PROGRAM [--minutes N]: one service fails half of its calls, and what it is asked does not grow by that: retries have
// a budget. --minutes: so long for each service; else 10 seconds for tweets alone, enough to use up what a budget begins with.
import assert from "node:assert/strict";

import { Api } from "../lib/api.mjs";
import { check, eventually, finish } from "../lib/checks.mjs";
import { Town } from "../lib/degradation.mjs";
import { UnderChaos } from "./under_chaos.mjs";

const flag = process.argv.indexOf("--minutes");
const minutes = flag < 0 ? 0 : Number(process.argv[flag + 1]);
const asked_more_max = 1.3;
const requests = 300;  // while it is well
const failing_ms = minutes > 0 ? minutes * 60_000 : 10_000;
const readers = 8;
const well_ms_max = 30_000;

const under = await UnderChaos.start();
const town = await Town.open(under.url);
const visitor = new Api(under.url);
const paths = ["/", "/tweets", "/users/jun", `/tweets/${town.juns}`, "/tweets/hashtag/swallow", "/api/v1/timelines/home"];

// Several read at once: so many requests, or for so long. How many there were.
async function load(goes_on) {
  let count = 0;
  const reader = async () => {
    while (goes_on(count)) await town.minji.get(paths[(count += 1) % paths.length]).catch(() => null);
  };
  await Promise.all(Array.from({ length: readers }, reader));
  return count;
}
// What the process was asked for a request of a reader, in the mean.
async function calls_a_request(process, goes_on) {
  const before = await under.metric(process, "http_requests_total");
  const count = await load(goes_on);
  return ((await under.metric(process, "http_requests_total")) - before) / count;
}

for (const service of minutes > 0 ? ["tweets", "accounts", "follows"] : ["tweets"]) {
  await check(`${service} is asked at most ${asked_more_max} times as much when half of its calls fail`, async () => {
    await eventually(async () => (await under.all_ready()) && (await town.is_whole()), "everything to be whole", well_ms_max);
    const well = await calls_a_request(service, (count) => count < requests);
    await under.chaos_well("error", service, "--share", "0.5", "--for", "10m");
    const end = Date.now() + failing_ms;
    const failing = await calls_a_request(service, () => Date.now() < end);
    const told = await under.chaos_well("list");
    await under.chaos_well("stop");
    console.log(`${service}: ${well.toFixed(2)} calls a request when it is well, ${failing.toFixed(2)} when half of them fail: ${(failing / well).toFixed(2)}`);
    assert.match(told, /hit [1-9]\d* of/);
    assert.ok(well > 0);
    assert.ok(failing <= well * asked_more_max, `${failing} and ${well}`);
  }, 60_000 + failing_ms);
}
assert.equal((await visitor.get("/livez")).status, 200);
assert.equal(await under.jebi.stop(), 0);
finish();

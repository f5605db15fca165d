// node disk_test.mjs PROGRAM: the disk gets full under load, and has space again. Refused is not dropped: an event that was
// acknowledged is there, also after a restart; reads go on; nobody has to restart anything. Root only (own_disk.mjs).
import assert from "node:assert/strict";
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

import { check, eventually, finish, skip } from "../lib/checks.mjs";
import { LogAnalytics } from "../lib/log_analytics.mjs";
import { OwnDisk } from "./own_disk.mjs";

const disk_mib = 64, free_mib_min = 8;
const recovers_ms_max = 5_000;
const requests_max = 3_000;

const { disk, why } = OwnDisk.make(disk_mib);
if (!disk) {
  skip("a full disk", `no file system of its own: ${why}`);
  finish();
}

const filler = join(disk.folder, "filler");

// Takes `mib` of the disk away, or all of it.
function fill(mib = Infinity) {
  const file = openSync(filler, "a");
  const megabyte = Buffer.alloc(2 ** 20, 1);
  try {
    for (let written = 0; written < mib; ++written) writeSync(file, megabyte);
  } catch (error) {
    if (error.code !== "ENOSPC") throw error;
  } finally {
    closeSync(file);
  }
}

let sent = 0;
const kept = [], refused = [];  // event ids

// Some fifty kilobytes that do not compress well.
async function send(service) {
  const events = Array.from({ length: 50 }, () => {
    const noise = Array.from({ length: 20 }, () => Math.random().toString(36)).join("");
    return { event_id: `e${sent++}`, noise, more: noise.split("").reverse().join("") };
  });
  const { status, text } = await service.post("/log", JSON.stringify(events));
  (status === 200 ? kept : refused).push(...events.map(({ event_id }) => event_id));
  return { status, text };
}

async function send_until(service, wanted) {
  for (let i = 0; i < requests_max; ++i) {
    const { status, text } = await send(service);
    if (status === wanted) return text;
    assert.ok([200, 429, 503].includes(status), `${status}: ${text}`);
  }
  throw new Error(`no ${wanted} in ${requests_max} requests`);
}

async function all_kept_are_there(service) {
  const rows = await service.query("SELECT event_id, count() AS n FROM logs GROUP BY event_id LIMIT 1000000");
  const there = new Map(rows.map(({ event_id, n }) => [event_id, n]));
  for (const id of kept) assert.equal(there.get(id), 1, `acknowledged, and not there once: ${id}`);
  return there;
}

const start = () => LogAnalytics.start({
  data: disk.folder,
  args: ["--store-free-mib-min", String(free_mib_min), "--store-tail-mib-max", "4", "--store-tail-rows-max", "5000"],
});

async function recovers(service) {
  const began = performance.now();
  rmSync(filler);
  await eventually(async () => (await send(service)).status === 200, "writing again", recovers_ms_max);
  return Math.round(performance.now() - began);
}

let service = await start();

await check("a disk that is nearly full is refused with 507 and a hint, before it is full", async () => {
  fill(30);
  const text = await send_until(service, 507);
  assert.match(text, /disk is nearly full/);
  assert.match(text, /Free some space/);  // what to do
  assert.equal((await service.ask("GET", "/readyz")).status, 503);
});

await check("reads go on, and nothing that was refused as a whole is there", async () => {
  const there = await all_kept_are_there(service);
  for (const id of refused) assert.ok(!there.has(id), `refused, and there: ${id}`);
  assert.equal((await service.ask("GET", "/livez")).status, 200);
});

await check(`when space returns it takes events again within ${recovers_ms_max} ms, by itself`, async () => {
  console.log(`logs/disk: writes again after ${await recovers(service)} ms`);
  assert.equal((await service.ask("GET", "/readyz")).status, 200);
  await all_kept_are_there(service);
});

await check("a disk that somebody else fills to the last byte while events come in loses nothing either", async () => {
  let answers = 0;
  const senders = Array.from({ length: 4 }, async () => {
    for (let i = 0; i < 100; ++i) {
      const { status, text } = await send(service);
      assert.ok([200, 429, 503, 507].includes(status), `${status}: ${text}`);
      ++answers;
    }
  });
  await eventually(() => answers >= 20, "events that are answered");  // the senders are in the middle of it
  fill();
  await Promise.all(senders);
  await send_until(service, 507);
  await all_kept_are_there(service);
  console.log(`logs/disk: writes again after ${await recovers(service)} ms`);
  await all_kept_are_there(service);
});

await check("it starts on a full disk, and answers; and again when there is space", async () => {
  assert.equal(await service.stop(), 0);
  fill();
  service = await start();
  await all_kept_are_there(service);
  assert.equal((await send(service)).status, 507);
  await recovers(service);
  assert.equal(await service.stop(), 0);
  service = await start();
  await all_kept_are_there(service);
  assert.equal(await service.stop(), 0);
  disk.unmount();
});

console.log(`logs/disk: ${kept.length} events acknowledged, ${refused.length} refused`);
finish();

// node power_cut_test.mjs PROGRAM [ROUNDS] [SEED]: the power goes off at random moments under load.
//
// As crash_test.mjs, but the data are on a file system of the test's own, and after the kill everything is lost that
// the disk was not told to keep (own_disk.mjs). kill -9 alone shows little: the kernel still has what was written.
//
// Does the test notice? JEBI_LYING_SYNC=wal- (or .seg, or manifest) leaves out the syncs of the files whose path has that
// in it (lying_sync.c): each makes the test fail in its first rounds. Leaving out only those of folders is not noticed,
// since ext4 writes names down in their order together with the next file that is synced.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { check, finish, random_from, skip } from "../lib/checks.mjs";
import { temporary_folder } from "../lib/jebi.mjs";
import { LogAnalytics } from "../lib/log_analytics.mjs";
import { History } from "./history.mjs";
import { OwnDisk } from "./own_disk.mjs";

const rounds = Number(process.argv[3] ?? process.env.JEBI_ROUNDS ?? 60);
const seed = Number(process.argv[4] ?? Math.floor(Math.random() * 2 ** 32));
const clients = 10;
const cut_ms_min = 20, cut_ms_max = 400;
const acknowledged_per_second_min = 100;
const disk_mib = 512;
const args = ["--store-tail-rows-max", "300", "--store-segment-rows-max", "20000", "--store-free-mib-min", "8",
  "--query-memory-mib-max", "1024"];

const { disk, why } = OwnDisk.make(disk_mib);
if (!disk) {
  skip("power cuts", `no file system of its own: ${why}`);
  finish();
}
if (!disk.forgets_and_keeps()) {
  skip("power cuts", "this kernel's ext4 does not lose what was not synced");
  finish();
}

function lying(what) {
  const library = join(temporary_folder(), "lying_sync.so");
  const source = join(dirname(fileURLToPath(import.meta.url)), "lying_sync.c");
  const { status, stderr } = spawnSync("cc", ["-shared", "-fPIC", "-o", library, source, "-ldl"], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return { LD_PRELOAD: library, LYING_SYNC: what };
}

const environment = process.env.JEBI_LYING_SYNC ? lying(process.env.JEBI_LYING_SYNC) : {};
const random = random_from(seed);
const history = new History(random);
const data = join(disk.folder, "data");
mkdirSync(data);
spawnSync("sync", ["--file-system", data]);
let load_ms = 0, sealed = 0;

console.log(`logs/power_cut: ${rounds} rounds, seed ${seed}`);

const passed = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function load_and_cut(service, round) {
  const began = performance.now();
  const moment = cut_ms_min + random() * (cut_ms_max - cut_ms_min);
  const look = passed(moment * 0.8).then(() => service.stats()).then((stats) => (sealed += stats.sealed), () => {});
  const killed = passed(moment).then(() => {
    load_ms += performance.now() - began;
    return service.kill();
  });
  await Promise.all([killed, look, history.load(service.url, round, clients)]);
  disk.cut_power();
}

const start = () => LogAnalytics.start({ data, args, environment });

let service = await start();
for (let round = 1; round <= rounds; ++round) {
  let broken = true;
  await check(`round ${round} of seed ${seed}`, async () => {
    await load_and_cut(service, round);
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

await check("it ends cleanly, and a last cut takes nothing", async () => {
  assert.equal(await service.stop(), 0);
  disk.cut_power();
  service = await start();
  await history.compare_all(service);
  assert.equal(await service.stop(), 0);
  disk.unmount();
}, 120_000);

const per_second = Math.round(history.acknowledged / (load_ms / 1000));
console.log(`logs/power_cut: ${history.acknowledged} acknowledged (${per_second}/s), ${history.resent} without an answer, ${sealed} tails sealed`);

await check(`the load was worth the name: ${acknowledged_per_second_min} acknowledged events a second, and seals`, async () => {
  assert.ok(per_second >= acknowledged_per_second_min, `${per_second}/s`);
  assert.ok(sealed >= rounds / 4, `${sealed} seals`);
});

finish();

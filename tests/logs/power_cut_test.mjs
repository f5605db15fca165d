// node power_cut_test.mjs PROGRAM [ROUNDS] [SEED]: the power goes off at random moments under load.
//
// As crash_test.mjs, but the data are on a file system of the test's own, and after the kill everything is lost that
// the disk was not told to keep (own_disk.mjs). kill -9 alone shows little: the kernel still has what was written.
//
// Does the test notice? JEBI_LYING_SYNC=wal- (or .seg) leaves out the syncs of the files whose path has that in it
// (lying_sync.c): each makes the test fail in its first rounds. Leaving out those of folders, or of the manifest, is not
// noticed: ext4 writes names down in their order together with the next file that is synced, and the content of a file
// that takes another's name before the name. The store's own test on a disk that keeps nothing by itself
// (modules/log_analytics/store/power_cut_test.cpp) fails for each.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { check, finish, skip } from "../lib/checks.mjs";
import { temporary_folder } from "../lib/jebi.mjs";
import { LogAnalytics } from "../lib/log_analytics.mjs";
import { OwnDisk } from "./own_disk.mjs";
import { Rounds } from "./rounds.mjs";

const rounds = Number(process.argv[3] ?? process.env.JEBI_ROUNDS ?? 60);
const seed = Number(process.argv[4] ?? Math.floor(Math.random() * 2 ** 32));
const clients = 10;
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
const data = join(disk.folder, "data");
mkdirSync(data);
spawnSync("sync", ["--file-system", data]);

console.log(`logs/power_cut: ${rounds} rounds, seed ${seed}`);

const run = new Rounds({
  rounds, seed, clients,
  start: () => LogAnalytics.start({ data, args, environment }),
  async cut(service) {
    await service.kill();
    disk.cut_power();
  },
  enough: ({ sealed }) => sealed >= rounds / 4,
});
await run.run();

await check("it ends cleanly, and a last cut takes nothing", () => run.end(() => disk.cut_power()), 120_000);
disk.unmount();

console.log(`logs/power_cut: ${run.summary}`);
finish();

// A file system of the test's own: in a file, mounted through a loop device, so that it can be filled, or lose its power.
// Root only.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";

import { temporary_folder } from "../lib/jebi.mjs";

// EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH: from now on nothing reaches the disk, not even the journal's
// commit, as if the power were off (fs/ext4/ext4.h, include/uapi/linux/ext4.h).
const shutdown_ioctl = 0x8004587d, no_log_flush = 2;

// Before the folders of tests are removed, and whoever still works there.
const mounted = new Set();
process.prependListener("exit", () => mounted.forEach((disk) => spawnSync("umount", ["--lazy", disk.folder])));

function run(command, args) {
  const { status, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  if (error || status !== 0) throw new Error(`${command} ${args.join(" ")}: ${error?.message ?? stderr.trim()}`);
}

export class OwnDisk {
  // {disk}, or {why} there can be none here.
  static make(mib) {
    if (process.getuid() !== 0) return { why: "not root, who alone may mount" };
    const disk = new OwnDisk();
    const place = temporary_folder();
    disk.image = join(place, "image");
    disk.folder = join(place, "disk");
    mkdirSync(disk.folder);
    try {
      run("truncate", ["--size", `${mib}M`, disk.image]);
      run("mkfs.ext4", ["-q", "-F", "-m", "0", disk.image]);
      disk.mount();
    } catch (error) {
      return { why: error.message };
    }
    return { disk };
  }

  mount() {
    // The journal commits by itself every minute, not every five seconds: what nobody synced is surely lost.
    run("mount", ["-o", "loop,commit=60", this.image, this.folder]);
    mounted.add(this);
  }

  unmount() {
    run("umount", [this.folder]);
    mounted.delete(this);
  }

  // Off and on again. Nobody may have a file open.
  cut_power() {
    const script = "open(my $f, '<', $ARGV[0]) or die $!; my $how = pack('L', $ARGV[2]); " +
      "defined ioctl($f, $ARGV[1], $how) or die \"ioctl: $!\"";
    run("perl", ["-e", script, this.folder, String(shutdown_ioctl), String(no_log_flush)]);
    this.unmount();
    this.mount();
  }

  // Is it a file system that a cut makes forget what was not synced, and keep what was?
  forgets_and_keeps() {
    const [synced, not_synced] = ["synced", "not-synced"].map((name) => join(this.folder, name));
    run("sh", ["-c", `echo 1 > ${synced} && sync ${synced} ${this.folder} && echo 1 > ${not_synced}`]);
    this.cut_power();
    return existsSync(synced) && !existsSync(not_synced);
  }
}

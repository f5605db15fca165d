// The programs as they were before the last change to them, built from the history of this checkout.
//
//   const old = previous();  // {folder} with jebi, log-analytics and jebi-MODULE, or {lacking: why there is none}
//
// Where files differ from the last commit, that commit is the previous one; else the one before the last that changed a program.
// They are built in build/previous, with ccache mostly from what the build of today has left.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "../lib/jebi.mjs";

const made_from = ["app", "kit", "modules", "cmake", "CMakeLists.txt"];
const output_bytes_max = 64 * 1024 * 1024;
const folder = join(root, "build/previous");

const call = (command, ...args) =>
  execFileSync(command, args, { cwd: root, encoding: "utf8", maxBuffer: output_bytes_max, stdio: ["ignore", "pipe", "pipe"] }).trim();

export function previous() {
  let commit;
  try {
    commit = previous_commit();
  } catch (error) {
    return { lacking: `git knows no commit before the last change; git fetch --unshallow brings a history. It says: ${error.stderr || error.message}` };
  }
  const built = join(folder, "built-from");
  if (!existsSync(built) || readFileSync(built, "utf8") !== commit) {
    build(commit);
    writeFileSync(built, commit);
  }
  return { folder: join(folder, "build/release/bin"), commit };
}

function previous_commit() {
  const differs = call("git", "status", "--porcelain", "--", ...made_from) !== "";
  if (differs) return call("git", "rev-parse", "HEAD");
  const last = call("git", "rev-list", "-1", "--first-parent", "HEAD", "--", ...made_from);
  return call("git", "rev-parse", "--verify", "--quiet", `${last}^`);
}

function build(commit) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const archive = join(folder, "source.tar");
  call("git", "archive", "--output", archive, commit, ...made_from, "CMakePresets.json");
  call("tar", "--extract", "--file", archive, "--directory", folder);
  call("cmake", "-S", folder, "-B", join(folder, "build/release"), "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_CXX_FLAGS_RELEASE=-O2", "-DJEBI_TESTS=OFF");
  call("ninja", "-C", join(folder, "build/release"), "jebi", "log-analytics", "modules_alone");
}

// The npm packages of the tests (tests/package.json), from build/npm or the folder in JEBI_NPM.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { check, finish, skip } from "./checks.mjs";

export const packages = process.env.JEBI_NPM ?? fileURLToPath(new URL("../../build/npm", import.meta.url));
export const required = createRequire(join(packages, "package.json"));

// A package as an ES module. Debian 12's Node can require() none that stands on one.
export function imported(name) {
  const folder = join(packages, "node_modules", name);
  const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return import(pathToFileURL(join(folder, exports["."].import.default)).href);
}

// Why a test that needs these packages cannot run; null when it can.
export function lacking(names) {
  const missing = names.find((name) => !existsSync(join(packages, "node_modules", name)));
  return missing ? `there is no ${missing} in ${packages} (./dev test installs it)` : null;
}

// One check with packages, or a line that says what is missing.
export async function check_with(names, what, body) {
  const reason = lacking(names);
  if (reason) skip(what, reason);
  else await check(what, () => body(...names.map((name) => required(name))));
}

// For a program that can do nothing without them: it ends as skipped.
export function need(names, what) {
  const reason = lacking(names);
  if (!reason) return;
  skip(what, reason);
  finish();
}

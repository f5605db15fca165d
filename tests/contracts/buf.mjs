// Running buf (npm: @bufbuild/buf, the program inside the package), protoc and others, to their end.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { packages } from "../lib/packages.mjs";

export const root = fileURLToPath(new URL("../..", import.meta.url));

// What it wrote; an error when its exit code is none of `codes`.
export function ran(program, args, cwd, codes = [0]) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    let output = "", complaint = "";
    child.stdout.on("data", (piece) => (output += piece));
    child.stderr.on("data", (piece) => (complaint += piece));
    child.once("error", reject);
    child.once("close", (code) => {
      if (codes.includes(code)) resolve({ code, output });
      else reject(new Error(`${program} ended with ${code}\n${output}${complaint}`));
    });
  });
}

export const buf = (args, cwd, codes) => ran(join(packages, "node_modules", ".bin", "buf"), args, cwd, codes);

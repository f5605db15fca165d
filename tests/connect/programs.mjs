// Starting the programs under test, and ending them.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const started_ms_max = 30_000;

// Starts a server that says "listening ADDRESS" and ends when its standard input does.
export async function started(file, args) {
  const child = spawn(file, args, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  const address = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${file} did not start`)), started_ms_max);
    lines.once("line", (line) => resolve(line.replace(/^listening /, "")));
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${file} ended with ${code}`)));
    lines.once("line", () => clearTimeout(timer));
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  return {
    address,
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}

// Runs a program to its end.
export function ran(file, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (piece) => (output += piece));
    child.stderr.on("data", (piece) => (output += piece));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
}

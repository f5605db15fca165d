// The program under test as a process of its own: on a free port, with a data folder of its own, ended by its pid.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { before, onFailure } from "./checks.mjs";

export const root = fileURLToPath(new URL("../..", import.meta.url));

const ready_ms_max = 30_000;
const end_ms_max = 20_000;
const log_lines_max = 60;

// The first argument of every test: build/release/bin/jebi, or where else it is.
export const program = resolve(process.argv[2] ?? join(root, "build/release/bin/jebi"));
if (!existsSync(program)) {
  console.error(`there is no ${program}: ./dev build makes it, and the first argument may name another`);
  process.exit(2);
}

let latest = null;
onFailure(() => latest && `the last lines of jebi (pid ${latest.child.pid}):\n${latest.log.join("\n")}`);

const folders = [];
const running = new Set();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(130));

export function temporary_folder() {
  const folder = mkdtempSync(join(tmpdir(), "jebi-test-"));
  folders.push(folder);
  return folder;
}

// The tests' environment without what would configure jebi.
function clean_environment(more) {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("JEBI_"));
  return { ...Object.fromEntries(kept), ...more };
}

// The name of a file in topologies/ that every Jebi of a test is to run by: JEBI_TEST_TOPOLOGY=split node ... Empty: in one
// process, without a supervisor.
export const topology = process.env.JEBI_TEST_TOPOLOGY ?? "";

// A copy of that file that listens on free ports.
export function topology_file(name) {
  const file = join(temporary_folder(), `${name}.toml`);
  const text = readFileSync(join(root, "topologies", `${name}.toml`), "utf8");
  writeFileSync(file, text.replaceAll(/^listen = .*$/gm, 'listen = "127.0.0.1:0"'));
  return file;
}

export class Jebi {
  // Starts `jebi up` and waits until it says that it is ready.
  // By a file in topologies/ of that name, or by `file`; with another program when `from` says so.
  static async start({ data = temporary_folder(), listen = "127.0.0.1:0", args = [], environment = {}, cwd = root, by = topology, file = null, from = program } = {}) {
    const plan = file ?? (by === "" ? null : topology_file(by));
    const jebi = new Jebi(data, ["up", ...(plan ? [plan] : []), "--data", data, "--listen", listen, ...args], environment, cwd, from);
    await before(ready_ms_max, jebi.ready, "starting jebi");
    return jebi;
  }

  constructor(data, args, environment, cwd, from = program) {
    this.data = data;
    this.log = [];
    const began = performance.now();
    this.child = spawn(from, args, {
      cwd,
      // Visits of tests are not told to a log-analytics that happens to run here.
      // And tests ask more often than people do.
      env: clean_environment({ JEBI_LOG_ANALYTICS_URL: "", JEBI_WEB_API_REQUESTS_MAX: "0", ...environment }),
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(this.child);
    this.ended = new Promise((done) => {
      this.child.once("exit", (code, signal) => {
        running.delete(this.child);
        done({ code, signal });
      });
    });
    this.ready = this.#ready(began);
    latest = this;
  }

  async #ready(began) {
    const found = new Promise((resolve, reject) => {
      const read = (line) => {
        this.log.push(line);
        this.log.splice(0, this.log.length - log_lines_max);
        const ready = /jebi is ready(?:: (https?:\/\/\S+)|\.)$/.exec(line);
        if (ready) resolve(ready[1]?.replace(/\/$/, ""));  // a machine without pages has no address
      };
      by_lines(this.child.stdout, read);
      by_lines(this.child.stderr, read);
      this.child.once("error", reject);
      this.ended.then(({ code, signal }) => {
        reject(new Error(`jebi ended before it was ready (${signal ?? code}):\n${this.log.join("\n")}`));
      });
    });
    this.url = await found;
    this.ready_ms = performance.now() - began;
  }

  // Asks it to end, as Ctrl-C does, and answers its exit code.
  async stop(signal = "SIGTERM") {
    this.child.kill(signal);
    const { code } = await before(end_ms_max, this.ended, "ending jebi");
    return code;
  }

  // Ends it as a power switch would, without a word.
  async kill() {
    this.child.kill("SIGKILL");
    await before(end_ms_max, this.ended, "killing jebi");
  }
}

// Runs the program with these arguments to its end.
export async function run(args, { environment = {}, cwd = root, deadline_ms = 30_000 } = {}) {
  const child = spawn(program, args, { cwd, env: clean_environment(environment), stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  let out = "", err = "";
  child.stdout.on("data", (piece) => (out += piece));
  child.stderr.on("data", (piece) => (err += piece));
  const ended = new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal, out, err }));
  });
  return before(deadline_ms, ended, `jebi ${args.join(" ")}`).finally(() => {
    child.kill("SIGKILL");
    running.delete(child);
  });
}

function by_lines(stream, take) {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (piece) => {
    const lines = (rest + piece).split("\n");
    rest = lines.pop();
    lines.forEach(take);
  });
}

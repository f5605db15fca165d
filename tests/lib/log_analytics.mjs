// The program log-analytics under test as a process of its own: on free ports, with a data folder of its own, ended by
// its pid. Scripts that import this get it, or the program jebi that it stands beside, as their first argument.
import { spawn } from "node:child_process";
import http from "node:http";
import { basename, dirname, join } from "node:path";

import { before, onFailure } from "./checks.mjs";
import { program, temporary_folder } from "./jebi.mjs";

const log_analytics = basename(program) === "jebi" ? join(dirname(program), "log-analytics") : program;
const ready_ms_max = 30_000;
const end_ms_max = 20_000;
const answer_ms_max = 20_000;
const log_lines_max = 60;

let latest = null;
onFailure(() => latest && `the last lines of log-analytics (pid ${latest.child.pid}):\n${latest.log.join("\n")}`);

const running = new Set();
process.prependListener("exit", () => running.forEach((child) => child.kill("SIGKILL")));

export class LogAnalytics {
  // Starts it and waits until it says that it is ready.
  static async start({ data = temporary_folder(), listen = "127.0.0.1:0", args = [], environment = {} } = {}) {
    const service = new LogAnalytics(data, listen, args, environment);
    await before(ready_ms_max, service.ready, "starting log-analytics");
    return service;
  }

  constructor(data, listen, args, environment) {
    this.data = data;
    this.program = log_analytics;
    this.log = [];
    const kept = Object.entries(process.env).filter(([name]) => !/^(JEBI|LOG_ANALYTICS)_/.test(name));
    const began = performance.now();
    this.child = spawn(log_analytics, ["serve", "--data", data, "--listen", listen, ...args], {
      cwd: data,  // where no log-analytics.toml is
      env: { ...Object.fromEntries(kept), ...environment },
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

  // `syslog`, when it listens for that, is {tcp, udp}: the ports.
  async #ready(began) {
    const ports = {};
    this.url = await new Promise((resolve, reject) => {
      let url = null;
      const read = (line) => {
        this.log.push(line);
        this.log.splice(0, this.log.length - log_lines_max);
        url ??= /log-analytics is ready: (http:\/\/[^/\s]+)/.exec(line)?.[1] ?? null;
        const syslog = /syslog by (TCP|UDP): \S+:(\d+)/.exec(line);
        if (syslog) ports[syslog[1].toLowerCase()] = Number(syslog[2]);
        if (line.includes("Ctrl-C")) resolve(url);  // ends the lines of the start
      };
      by_lines(this.child.stdout, read);
      by_lines(this.child.stderr, read);
      this.child.once("error", reject);
      this.ended.then(({ code, signal }) => {
        reject(new Error(`log-analytics ended before it was ready (${signal ?? code}):\n${this.log.join("\n")}`));
      });
    });
    this.ready_ms = performance.now() - began;
    this.syslog = ports;
  }

  // {status, text}, on a connection of its own; fails when the service ends meanwhile.
  ask(method, path, body = "", fields = {}) {
    return new Promise((resolve, reject) => {
      const request = http.request(this.url + path, {
        agent: false,
        method,
        headers: { "Content-Length": Buffer.byteLength(body), ...fields },
        signal: AbortSignal.timeout(answer_ms_max),
      });
      request.once("error", reject);
      request.once("response", (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (piece) => (text += piece));
        answer.once("error", reject);
        answer.once("end", () => resolve({ status: answer.statusCode, text }));
      });
      request.end(body);
    });
  }

  post(path, body, fields) {
    return this.ask("POST", path, body, fields);
  }

  // The rows of the answer.
  async query(sql) {
    const { status, text } = await this.post("/query", sql);
    if (status !== 200) throw new Error(`${status} to ${sql}\n${text}`);
    return text.split("\n").filter(Boolean).map((line) => JSON.parse(line));
  }

  async count(where = "1 = 1") {
    return (await this.query(`SELECT count() AS n FROM logs WHERE ${where}`))[0].n;
  }

  async stats() {
    return JSON.parse((await this.ask("GET", "/stats")).text);
  }

  // Asks it to end, as Ctrl-C does, and answers its exit code.
  async stop() {
    this.child.kill("SIGTERM");
    return (await before(end_ms_max, this.ended, "ending log-analytics")).code;
  }

  // Ends it without a word.
  async kill() {
    this.child.kill("SIGKILL");
    await before(end_ms_max, this.ended, "killing log-analytics");
  }

  // Kills it; answers a new one with the same data at the same address.
  async killed_and_restarted() {
    await this.kill();
    return LogAnalytics.start({ data: this.data, listen: new URL(this.url).host });
  }
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

// A jebi in a process a module that may be broken on purpose, and the verbs that break it.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";

import { before } from "../lib/checks.mjs";
import { Jebi, run, temporary_folder } from "../lib/jebi.mjs";

export const services = ["accounts", "follows", "tweets", "timelines", "notifications", "messages", "search", "web", "log-analytics"];
const metrics_ms_max = 10_000;

export class UnderChaos {
  static async start() {
    const data = temporary_folder();
    // Its visits are told to its own log-analytics, as the topology says.
    const jebi = await Jebi.start({ data, by: "split", args: ["--chaos"], environment: { JEBI_LOG_ANALYTICS_URL: undefined } });
    return new UnderChaos(data, jebi);
  }

  constructor(data, jebi) {
    this.data = data;
    this.jebi = jebi;
    this.url = jebi.url;
  }

  // {code, out, err} of `jebi chaos ...`.
  chaos(...args) {
    return run(["chaos", ...args, "--data", this.data], { deadline_ms: 600_000 });
  }
  async chaos_well(...args) {
    const told = await this.chaos(...args);
    assert.equal(told.code, 0, `chaos ${args.join(" ")}: ${told.out}${told.err}`);
    return told.out;
  }

  async processes() {
    return JSON.parse((await run(["status", "--json", "--data", this.data])).out).processes;
  }
  async process(name) {
    return (await this.processes()).find((one) => one.name === name);
  }
  async all_ready() {
    const all = await this.processes();
    return all.length === services.length && all.every(({ health }) => health === "ready");
  }

  // The value of a metric of one process, all its labels together.
  async metric(process, name) {
    const sockets = readdirSync(join(this.data, "run")).filter((file) => file.startsWith(`${process}.`) && file.endsWith(".control"));
    const texts = await Promise.all(sockets.map((file) => metrics_at(join(this.data, "run", file)).catch(() => "")));
    const lines = texts.join("\n").split("\n").filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
    return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
  }
}

function metrics_at(socketPath) {
  const answer = new Promise((resolve, reject) => {
    const asked = request({ socketPath, path: "/metrics" }, (response) => {
      let text = "";
      response.on("data", (piece) => (text += piece));
      response.on("end", () => resolve(text));
    });
    asked.on("error", reject);
    asked.end();
  });
  return before(metrics_ms_max, answer, `/metrics at ${socketPath}`);
}

// The program log-analytics as a process of its own, when it is built: beside the program under test.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

import { before } from "../lib/checks.mjs";
import { program, temporary_folder } from "../lib/jebi.mjs";

export const log_analytics = join(dirname(program), "log-analytics");
export const is_built = () => existsSync(log_analytics);

export class LogAnalytics {
  static async start({ data = temporary_folder(), listen = "127.0.0.1:0" } = {}) {
    const service = new LogAnalytics();
    service.data = data;
    service.child = spawn(log_analytics, ["serve", "--data", data, "--listen", listen], { stdio: ["ignore", "pipe", "ignore"] });
    const kill = () => service.child.kill("SIGKILL");
    process.on("exit", kill);
    service.ended = new Promise((resolve) => service.child.once("exit", () => (process.off("exit", kill), resolve())));
    service.url = await before(30_000, service.#ready(), "starting log-analytics");
    return service;
  }

  #ready() {
    return new Promise((resolve, reject) => {
      let told = "";
      this.child.stdout.on("data", (piece) => {
        const ready = /log-analytics is ready: (http:\/\/\S+)/.exec((told += piece));
        if (ready) resolve(ready[1].replace(/\/$/, ""));
      });
      this.ended.then(() => reject(new Error(`log-analytics ended before it was ready:\n${told}`)));
    });
  }

  // The rows of a query.
  async rows(sql) {
    const answer = await fetch(`${this.url}/query`, { method: "POST", body: sql });
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`${sql}: ${answer.status} ${text}`);
    return text.split("\n").filter(Boolean).map((line) => JSON.parse(line));
  }

  // Ended as Ctrl-C does, or as a power switch would; answers a new one with the same data at the same address.
  async end(signal = "SIGTERM") {
    this.child.kill(signal);
    await before(20_000, this.ended, "ending log-analytics");
  }
  async restarted(signal) {
    await this.end(signal);
    return LogAnalytics.start({ data: this.data, listen: new URL(this.url).host });
  }
}

// Debian's ClickHouse 18.16 as a process of its own: on ports that were free, with a folder of its own, ended by its pid.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import net from "node:net";
import { join } from "node:path";

import { eventually } from "../lib/checks.mjs";
import { temporary_folder } from "../lib/jebi.mjs";

const ready_ms_max = 60_000;

const config = (folder, http, tcp) => `<?xml version="1.0"?>
<yandex>
  <logger><level>warning</level><log>${folder}/server.log</log><errorlog>${folder}/server.err.log</errorlog></logger>
  <listen_host>127.0.0.1</listen_host><http_port>${http}</http_port><tcp_port>${tcp}</tcp_port>
  <mark_cache_size>67108864</mark_cache_size><timezone>UTC</timezone>
  <path>${folder}/data/</path><tmp_path>${folder}/tmp/</tmp_path><user_files_path>${folder}/files/</user_files_path>
  <users_config>users.xml</users_config><default_profile>default</default_profile><default_database>default</default_database>
</yandex>
`;
const users = `<?xml version="1.0"?>
<yandex>
  <profiles><default><output_format_json_quote_64bit_integers>0</output_format_json_quote_64bit_integers></default></profiles>
  <users><default>
    <password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota>
  </default></users>
  <quotas><default></default></quotas>
</yandex>
`;

function free_port() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export class ClickHouse {
  static is_installed() {
    return spawnSync("sh", ["-c", "command -v clickhouse-server"]).status === 0;
  }

  static async start() {
    const folder = temporary_folder();
    const port = await free_port();
    ["data", "tmp", "files"].forEach((name) => mkdirSync(join(folder, name)));
    writeFileSync(join(folder, "config.xml"), config(folder, port, await free_port()));
    writeFileSync(join(folder, "users.xml"), users);
    const child = spawn("clickhouse-server", [`--config-file=${folder}/config.xml`], { stdio: "ignore" });
    process.prependListener("exit", () => child.kill("SIGKILL"));
    const clickhouse = new ClickHouse(port);
    const ended = new Promise((_, reject) => child.once("exit", (code, signal) => reject(new Error(`ClickHouse ended: ${signal ?? code}`))));
    const answers = () => clickhouse.ask("SELECT 1").then(() => true, () => false);
    await Promise.race([eventually(answers, "ClickHouse's first answer", ready_ms_max), ended]);
    ended.catch(() => {});  // from now on it is seen by what it does not answer
    return clickhouse;
  }

  constructor(port) {
    this.url = `http://127.0.0.1:${port}/`;
  }

  async ask(sql) {
    const answer = await fetch(this.url, { method: "POST", body: sql });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${answer.status} to ${sql}\n${text}`);
    return text;
  }

  // The rows of the answer.
  async query(sql) {
    const text = await this.ask(`${sql} FORMAT JSONEachRow`);
    return text.split("\n").filter(Boolean).map((line) => JSON.parse(line));
  }
}

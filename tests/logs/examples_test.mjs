// The programs in examples/one-line: each runs as it stands there, its event arrives whole, and none of them fails or
// waits for a service that is away, silent or talking nonsense. The events go to log-analytics and are asked back in SQL.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";

import { before, check, eventually, finish, skip } from "../lib/checks.mjs";
import { root, temporary_folder } from "../lib/jebi.mjs";
import { LogAnalytics } from "../lib/log_analytics.mjs";
import { ScriptedLog } from "./scripted_log.mjs";

const examples = join(root, "examples", "one-line");
const build = temporary_folder();
const quick_ms_max = 20_000; // compilers and virtual machines take their time to start; a wait without an end is longer

const languages = {
  python: ["python3", ["one_line.py"]],
  go: ["go", ["run", "one_line.go"]],
  java: ["java", ["-Dfile.encoding=UTF-8", "OneLine.java"]],
  php: ["php", ["one_line.php"]],
  "c++": ["c++", null],
  curl: ["curl", null],
};
const is_installed = (name) => spawnSync("sh", ["-c", `command -v ${name}`]).status === 0;
const found = Object.keys(languages).filter((name) => is_installed(languages[name][0]));

if (found.includes("c++")) {
  await check("the C++ program compiles without a warning", async () => {
    const flags = ["-std=c++17", "-pthread", "-Wall", "-Wextra", "-Werror", "one_line.cc", "-o", join(build, "one_line")];
    const { status, stderr } = spawnSync("c++", flags, { cwd: examples, encoding: "utf8" });
    assert.equal(status, 0, stderr);
  }, 120_000);
}

// Runs a program with the service at that address.
async function run(language, url) {
  const [command, args] = { "c++": [join(build, "one_line"), []], curl: ["sh", ["one_line.sh"]] }[language] ?? languages[language];
  const environment = { ...process.env, LOG_ANALYTICS_URL: url, GOCACHE: build, HOME: build };
  const child = spawn(command, args, { cwd: examples, env: environment, stdio: ["ignore", "pipe", "pipe"] });
  let told = "";
  child.stdout.on("data", (piece) => (told += piece));
  child.stderr.on("data", (piece) => (told += piece));
  const ended = new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  const code = await before(quick_ms_max, ended, `the program in ${language}`).finally(() => child.kill("SIGKILL"));
  return { code, told };
}

// The service: find() answers the events whose field has that value.
async function start_service() {
  const service = await LogAnalytics.start();
  const find = async (field, value) => {
    const columns = [...new Set(["ip", "originalUrl", "userID", field])].join(", ");
    try {
      return await service.query(`SELECT ${columns} FROM logs WHERE ${field} = '${value}'`);
    } catch (error) {
      if (error.message.includes("sender")) return []; // before the first event that has it, nobody knows the field
      throw error;
    }
  };
  return { url: service.url, find, stop: () => service.stop() };
}

const service = await start_service();
const ill = await ScriptedLog.start();

for (const language of Object.keys(languages)) {
  if (!found.includes(language)) {
    skip(`the one line in ${language}`, `there is no ${languages[language][0]} here`);
    continue;
  }
  await check(`the one line in ${language}: every field arrives`, async () => {
    const { code, told } = await run(language, service.url);
    assert.equal(code, 0, told);
    assert.equal(told, "");
    assert.deepEqual(await service.find("sender", language),
      [{ ip: "203.0.113.7", originalUrl: '/search?q="제비"', userID: "42", sender: language }]);
  }, 60_000);
  for (const mode of ["silent", "garbage", 500, 503]) {
    await check(`the one line in ${language} fails not, and ends, with a service that is ${mode}`, async () => {
      ill.mode = mode;
      const { code, told } = await run(language, ill.url);
      assert.equal(code, 0, told);
      assert.equal(told, "");
    }, 60_000);
  }
  await check(`the one line in ${language} fails not without a service`, async () => {
    const { code, told } = await run(language, "http://127.0.0.1:1");
    assert.equal(code, 0, told);
    assert.equal(told, "");
  }, 60_000);
}

// The Node example is a web server of its own.
async function node_server(url) {
  const child = spawn("node", ["one_line.mjs"], {
    cwd: examples, env: { ...process.env, LOG_ANALYTICS_URL: url, PORT: "0" }, stdio: ["ignore", "pipe", "ignore"],
  });
  process.on("exit", () => child.kill("SIGKILL"));
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const at = await before(20_000, new Promise((resolve) => {
    child.stdout.on("data", (piece) => {
      const listening = /listening on (\S+)\//.exec(piece);
      if (listening) resolve(listening[1]);
    });
  }), "starting the Node server");
  const get = async (path, user) => {
    const answer = await fetch(at + path, { headers: user ? { "X-User": user } : {}, signal: AbortSignal.timeout(5_000) });
    assert.equal(await answer.text(), "hello\n");
  };
  return { get, ended, stop: () => (child.kill("SIGKILL"), ended) };
}

await check("the one line in Node: every field arrives, from the naive line and from the safe one", async () => {
  const server = await node_server(service.url);
  for (const path of ["/naive/1", "/safe/1"]) {
    await server.get(path, "65f0c0ffee");
    await eventually(async () => (await service.find("originalUrl", path)).length === 1, `the event of ${path}`);
    const [event] = await service.find("originalUrl", path);
    assert.deepEqual(event, { ip: "127.0.0.1", originalUrl: path, userID: "65f0c0ffee" });
  }
  await server.get("/safe/nobody");
  await eventually(async () => (await service.find("originalUrl", "/safe/nobody")).length === 1, "the visitor's event");
  await server.stop();
});

await check("the safe line in Node outlives a service that is away or ill, the naive one does not", async () => {
  for (const [url, mode] of [["http://127.0.0.1:1", null], [ill.url, "silent"], [ill.url, "garbage"], [ill.url, 500]]) {
    ill.mode = mode;
    const server = await node_server(url);
    for (let i = 0; i < 150; ++i) await server.get(`/safe/${i}`);
    await server.stop();
  }
  const server = await node_server("http://127.0.0.1:1");
  await server.get("/naive/2", "7").catch(() => {});
  assert.equal(await before(10_000, server.ended, "the end of the server"), 1);
});

await check("the workshop's own line and its Postman request work as they are", async () => {
  const [ip, originalUrl, userID] = ["203.0.113.9", "/users/1?tab=2", "5a0b"];
  await fetch(`${service.url}/log`, { method: "POST", body: JSON.stringify({ ip, originalUrl, userID }) });
  const [event] = await service.find("originalUrl", originalUrl);
  assert.deepEqual(event, { ip, originalUrl, userID });
  const postman = await fetch(`${service.url}/log`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ originalUrl: "/postman", req: "a request", user: "minji" }),
  });
  assert.equal(postman.status, 200);
  assert.equal((await service.find("originalUrl", "/postman")).length, 1);
});

await ill.close();
await service.stop();
finish();

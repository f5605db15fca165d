// The program as a person at a terminal meets it: help, configuration, what goes wrong, backup and restore.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import net from "node:net";
import { join } from "node:path";

import { Api, password_of } from "../lib/api.mjs";
import { check, finish, skip } from "../lib/checks.mjs";
import { Jebi, run, temporary_folder } from "../lib/jebi.mjs";

const file_with = (name, text) => {
  const file = join(temporary_folder(), name);
  writeFileSync(file, text);
  return file;
};
const hash_of = (file) => createHash("sha256").update(readFileSync(file)).digest("hex");

// The command says in one go what is wrong, and ends with 2 without having done anything.
async function refused(args, words, options = {}) {
  const { code, out, err } = await run(args, { cwd: temporary_folder(), ...options });
  assert.equal(code, 2, `${args.join(" ")}: exit code ${code}\n${out}${err}`);
  assert.equal(out, "", "what is wrong belongs on stderr");
  for (const word of words) assert.ok(err.includes(word), `${args.join(" ")}: no "${word}" in: ${err}`);
  assert.ok(err.trim().split("\n").length <= 3, `more than three lines: ${err}`);
  assert.ok(!/terminate|exception|assert|\bcore\b/i.test(err), err);
}

// A data folder in which somebody has signed up and written.
async function lived_in(data = temporary_folder()) {
  const jebi = await Jebi.start({ data });
  const api = await new Api(jebi.url).sign_up("sehyun");
  await api.post("/api/v1/tweets", { text: "before the backup" });
  return { jebi, api, data };
}

const sqlite = (file, sql) => spawnSync("sqlite3", [file, sql], { encoding: "utf8" });

// ---- Help ----

await check("help names every verb, how settings are given and the exit codes", async () => {
  for (const args of [["--help"], ["help"], []]) {
    const { code, out, err } = await run(args);
    assert.equal(code, 0);
    assert.equal(err, "");
    for (const word of ["up", "demo", "backup", "restore", "timelines", "search", "config", "--listen", "--data", "JEBI_LISTEN", "jebi.toml", "Exit codes"]) {
      assert.ok(out.includes(word), `${args}: no ${word}`);
    }
  }
  assert.match((await run(["--version"])).out, /^jebi \d+\.\d+\.\d+\n$/);
});

for (const words of ["up", "config show", "chaos kill"]) {
  await check(`the help of ${words} begins with how it is typed, all words of it`, async () => {
    const { code, out } = await run([...words.split(" "), "--help"]);
    assert.equal(code, 0);
    assert.ok(out.includes(`Usage: jebi ${words} `), out);
  });
}

for (const [args, words] of [
  [["upp"], ["upp", '"up"']],
  [["up", "--lisen", "127.0.0.1:0"], ["--lisen", '"--listen"']],
  [["backup"], ["FILE"]],
  [["config"], ["subcommand"]],
  [["up", "a.toml", "extra"], ["extra"]],
]) {
  await check(`jebi ${args.join(" ")} is refused with a hint`, () => refused(args, words));
}

// ---- Configuration ----

await check("config show tells every value and where it comes from, flags before environment before file", async () => {
  const file = file_with("jebi.toml", 'listen = "127.0.0.1:1"\nloops = 3\n[log]\nlevel = "error"\nformat = "json"\n');
  const environment = { JEBI_LOOPS: "4", JEBI_LOG_LEVEL: "warning" };
  const { code, out } = await run(["config", "show", "--config", file, "--log-level", "debug"], { environment });
  assert.equal(code, 0);
  const lines = out.trim().split("\n").map((line) => line.split(/  +/).map((part) => part.trim()));
  const shown = Object.fromEntries(lines.map(([name, ...rest]) => [name, rest.join(" ").split(" ")]));
  assert.deepEqual(shown["listen"], ["127.0.0.1:1", `${file}:1`]);
  assert.deepEqual(shown["loops"], ["4", "JEBI_LOOPS"]);
  assert.deepEqual(shown["log.level"], ["debug", "--log-level"]);
  assert.deepEqual(shown["log.format"], ["json", `${file}:5`]);
  assert.equal(shown["data"].slice(1).join(" "), "built in");
});

await check("jebi.toml is read where one stands, without being named", async () => {
  const cwd = temporary_folder();
  writeFileSync(join(cwd, "jebi.toml"), "loops = 7\n");
  assert.match((await run(["config", "show"], { cwd })).out, /^loops +7 +jebi\.toml:1$/m);
});

for (const [what, text, words] of [
  ["a key that nobody knows", '[log]\nlevl = "info"\n', [":2", "log.levl", "log.level"]],
  ["a table that nobody knows", "[webb]\nsecure = true\n", ["webb.secure", "web.secure"]],
  ["a number out of its bounds", "loops = 100000\n", [":1", "loops", "256"]],
  ["text where a number belongs", 'loops = "many"\n', [":1", "loops", "many"]],
  ["a word that is no choice", 'log.level = "loud"\n', [":1", "log.level", "debug, info, warning, error"]],
  ["a damaged line", "listen = \n", [":1"]],
  ["half of a file", '[log\nlevel = "info"\n', [":1"]],
  ["bytes that are no text", Buffer.from([0xff, 0xfe, 0x00, 0x01]), ["jebi.toml"]],
]) {
  await check(`a configuration with ${what} is refused, by file and line`, async () => {
    await refused(["up", "--config", file_with("jebi.toml", text)], ["jebi.toml", ...words]);
  });
}

await check("a configuration that is named must be there", () => refused(["up", "--config", "/nowhere/j.toml"], ["/nowhere/j.toml"]));

await check("a misspelt variable is refused with the nearest name", async () => {
  await refused(["config", "show"], ["JEBI_LISTN", "JEBI_LISTEN"], { environment: { JEBI_LISTN: "127.0.0.1:0" } });
});

for (const [args, words] of [
  [["--listen", "nonsense"], ["nonsense", "HOST:PORT"]],
  [["--listen", "127.0.0.1:70000"], ["127.0.0.1:70000"]],
  [["--loops", "-1"], ["--loops", "-1"]],
  [["--accounts-password-passes", "0"], ["--accounts-password-passes"]],
]) {
  await check(`up ${args.join(" ")} is refused before anything is made`, async () => {
    const data = join(temporary_folder(), "data");
    await refused(["up", "--data", data, ...args], words);
    assert.ok(!existsSync(data), "the data folder was made all the same");
  });
}

// ---- What is in the way ----

await check("a port in use is named, and how to take another", async () => {
  const squatter = net.createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => squatter.once("listening", resolve));
  const { port } = squatter.address();
  await refused(["up", "--data", temporary_folder(), "--listen", `127.0.0.1:${port}`], [`${port}`, "--listen"]);
  squatter.close();
});

await check("a data folder that cannot be made or written is named", async () => {
  const not_a_folder = file_with("file", "I am a file");
  await refused(["up", "--listen", "127.0.0.1:0", "--data", join(not_a_folder, "data")], [not_a_folder, "--data"]);
  await refused(["up", "--listen", "127.0.0.1:0", "--data", not_a_folder], [not_a_folder]);
});

if (process.getuid() === 0) {
  skip("a data folder of somebody else's is refused", "root may write everywhere");
} else {
  await check("a data folder of somebody else's is refused", async () => {
    const data = temporary_folder();
    chmodSync(data, 0o500);
    await refused(["up", "--listen", "127.0.0.1:0", "--data", data], [data, "--data"]);
  });
}

await check("a data folder in use is left alone, and names the process that has it", async () => {
  const { jebi, api, data } = await lived_in();
  await refused(["up", "--listen", "127.0.0.1:0", "--data", data], [`${jebi.child.pid}`]);
  assert.equal((await api.get("/api/v1/tweets")).body.tweets.length, 1);
  await jebi.stop();
});

// Starting on this database is refused, and leaves it as it was.
async function database_refused(data, words) {
  const before = hash_of(join(data, "jebi.db"));
  await refused(["up", "--listen", "127.0.0.1:0", "--data", data], words);
  assert.equal(hash_of(join(data, "jebi.db")), before, "the file was touched");
}

await check("a database of a newer version is refused and not touched", async () => {
  const { jebi, data } = await lived_in();
  await jebi.stop();
  const sql = "INSERT INTO jebi_migrations SELECT module, 9999, '9999_later.sql', sha256, applied_ms FROM jebi_migrations LIMIT 1";
  const { stderr } = sqlite(join(data, "jebi.db"), sql);
  assert.equal(stderr, "");
  sqlite(join(data, "jebi.db"), "PRAGMA wal_checkpoint(TRUNCATE);");
  await database_refused(data, ["newer version", "9999"]);
});

await check("a file that is no database, or somebody else's, is refused and not touched", async () => {
  const data = temporary_folder();
  writeFileSync(join(data, "jebi.db"), "this is a letter, not a database, and it is long enough to have a header of a hundred bytes");
  await database_refused(data, ["jebi.db"]);
  const foreign = temporary_folder();
  sqlite(join(foreign, "jebi.db"), "CREATE TABLE songs (title TEXT);");
  await database_refused(foreign, ["jebi.db"]);
});

await check("a database that lost its end is refused and not touched", async () => {
  const { jebi, data } = await lived_in();
  await jebi.stop();
  const whole = readFileSync(join(data, "jebi.db"));
  writeFileSync(join(data, "jebi.db"), whole.subarray(0, whole.length / 2));
  await database_refused(data, ["jebi.db", "damaged"]);
});

// ---- Backup and restore ----

await check("a backup taken while jebi runs is what restore brings back", async () => {
  const { jebi, api, data } = await lived_in();
  const copy = join(temporary_folder(), "copy.db");
  assert.equal((await run(["backup", copy, "--data", data])).code, 0);
  await api.post("/api/v1/tweets", { text: "after the backup" });
  await refused(["backup", copy, "--data", data], [copy]);
  await refused(["restore", copy, "--data", data], [`${jebi.child.pid}`]);
  await jebi.stop();

  const garbage = file_with("garbage.db", "nothing that could be restored");
  await refused(["restore", garbage, "--data", data], [garbage]);
  await refused(["restore", "/nowhere/copy.db", "--data", data], ["/nowhere"]);
  assert.equal((await run(["restore", copy, "--data", data])).code, 0);

  const restored = await Jebi.start({ data });
  const answer = await new Api(restored.url, api.token).get("/api/v1/tweets");
  assert.deepEqual(answer.body.tweets.map(({ text }) => text), ["before the backup"]);
  assert.equal(await restored.stop(), 0);
});

await check("a backup can be restored into a folder where nothing was", async () => {
  const { jebi, data } = await lived_in();
  const copy = join(temporary_folder(), "copy.db"), fresh = temporary_folder();
  assert.equal((await run(["backup", copy, "--data", data])).code, 0);
  await jebi.stop();
  assert.equal((await run(["restore", copy, "--data", fresh])).code, 0);
  const restored = await Jebi.start({ data: fresh });
  const sign_in = { username: "sehyun", password: password_of("sehyun") };
  assert.equal((await new Api(restored.url).post("/api/v1/sessions", sign_in)).status, 201);
  assert.equal(await restored.stop(), 0);
});

// ---- Demo ----

await check("the demo fills in people and tweets, Korean and English, and only once", async () => {
  const data = temporary_folder();
  const first = await run(["demo", "--data", data]);
  assert.equal(first.code, 0, first.err);
  const jebi = await Jebi.start({ data, args: ["--demo"] });
  const api = new Api(jebi.url);
  const people = (await api.get("/api/v1/users?limit=100")).body;
  assert.ok(people.total >= 10, `${people.total} people`);
  const texts = (await api.get("/api/v1/tweets?limit=100")).body.tweets.map(({ text }) => text);
  assert.equal(new Set(texts).size, texts.length, "a tweet is there twice");
  assert.ok(texts.some((text) => /[가-힣]/.test(text)) && texts.some((text) => /^[\x20-\x7e]+$/.test(text)));
  assert.equal(await jebi.stop(), 0);
});

// ---- A process's life ----

await check("it ends with 0 on SIGTERM and on SIGINT, and starts again on the same data", async () => {
  const { jebi, api, data } = await lived_in();
  assert.equal(await jebi.stop("SIGTERM"), 0);
  const again = await Jebi.start({ data });
  console.log(`cli: the second start was ready after ${Math.round(again.ready_ms)} ms`);
  assert.equal((await new Api(again.url, api.token).post("/api/v1/tweets", { text: "still me" })).status, 201);
  assert.equal(await again.stop("SIGINT"), 0);
});

await check("everything is written into the data folder, for its owner alone, and nothing elsewhere", async () => {
  const cwd = temporary_folder(), data = join(cwd, "data");
  mkdirSync(join(cwd, "elsewhere"));
  assert.equal((await run(["demo", "--data", "data"], { cwd })).code, 0);
  assert.deepEqual(readdirSync(cwd).sort(), ["data", "elsewhere"]);
  for (const path of [data, join(data, "jebi.db")]) {
    const { stdout } = spawnSync("stat", ["-c", "%a", path], { encoding: "utf8" });
    assert.match(stdout, /^[67]00$/m, path);
  }
});

// ---- Derived data ----

await check("home timelines are made again while jebi runs, and while it does not", async () => {
  const { jebi, data } = await lived_in();
  const done = /^The home timelines are made again: 1 people, 1 entries\.$/m;
  const beside = await run(["timelines", "rebuild", "--data", data]);
  assert.equal(beside.code, 0, beside.err);
  assert.match(beside.out, /^jebi runs/);
  assert.match(beside.out, done);
  assert.equal(await jebi.stop(), 0);
  const alone = await run(["timelines", "rebuild", "--data", data]);
  assert.equal(alone.code, 0, alone.err);
  assert.match(alone.out, done);
  assert.doesNotMatch(alone.out, /jebi runs/);
});

await check("what is found is made again while jebi runs, and while it does not", async () => {
  const { jebi, api, data } = await lived_in();
  const done = /^What is found is made again: 1 people, 1 tweets\.$/m;
  assert.match((await run(["search", "rebuild", "--data", data])).out, done);
  const found = await api.get("/api/v1/search?q=fore+%22the+back%22");
  assert.deepEqual(found.body.tweets.map(({ text }) => text), ["before the backup"]);
  assert.equal(await jebi.stop(), 0);
  assert.match((await run(["search", "rebuild", "--data", data])).out, done);
});

await check("how far homes are behind is in the metrics", async () => {
  const { jebi } = await lived_in();
  const metrics = await (await fetch(`${jebi.url}/metrics`)).text();
  assert.match(metrics, /^homes_lag_events \d+$/m);
  assert.match(metrics, /^homes_lag_seconds [\d.]+$/m);
  assert.match(metrics, /^search_lag_events \d+$/m);
  await jebi.stop();
});

await check("a data folder with a very long name costs the verbs' way in, and nothing else", async () => {
  const data = join(temporary_folder(), "a".repeat(120));
  const { jebi } = await lived_in(data);
  const refused_beside = await run(["timelines", "rebuild", "--data", data]);
  assert.equal(refused_beside.code, 2);
  assert.match(refused_beside.err, /107/);
  assert.equal(await jebi.stop(), 0);
  assert.equal((await run(["timelines", "rebuild", "--data", data])).code, 0);
});

finish();

// node placement_test.mjs PROGRAM: the same program in one process, in many, and in a mixture, on the same data; and what people notice
// of a process that dies.
import assert from "node:assert/strict";
import { appendFileSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Api, password_of } from "../lib/api.mjs";
import { check, eventually, finish } from "../lib/checks.mjs";
import { Jebi, run, temporary_folder, topology_file } from "../lib/jebi.mjs";

const services = ["accounts", "follows", "tweets", "timelines", "search", "notifications", "messages", "web"];

const processes_of = async (data) => JSON.parse((await run(["status", "--json", "--data", data])).out).processes;
const process_of = async (data, name) => (await processes_of(data)).find((one) => one.name === name);

function is_there(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

// Calls `ask` again and again until end() is called, which answers what it has answered.
function again_and_again(ask) {
  const answers = [];
  let ended = false;
  const done = (async () => {
    while (!ended) answers.push(await ask(answers.length).catch((error) => `${error.name}: ${error.message}`));
  })();
  return { answers, end: () => ((ended = true), done.then(() => answers)) };
}

await check("data moves with the modules: one process, a process each, a mixture, one process", async () => {
  const data = temporary_folder();
  const texts = [];
  let signed_up = false;
  for (const by of ["", "split", "web-and-the-rest", ""]) {
    const jebi = await Jebi.start({ data, by });
    const visitor = new Api(jebi.url);
    if (!signed_up) await visitor.sign_up("bora");
    signed_up = true;
    const signed_in = await visitor.post("/api/v1/sessions", { username: "bora", password: password_of("bora") });
    assert.equal(signed_in.status, 201, JSON.stringify(signed_in.body));
    const bora = visitor.as(signed_in.body.token);
    texts.unshift(`written in ${by || "one process"}, ${texts.length}`);
    assert.equal((await bora.post("/api/v1/tweets", { text: texts[0] })).status, 201);
    const seen = (await visitor.get("/api/v1/tweets")).body.tweets.map(({ text }) => text);
    assert.deepEqual(seen, texts, by);
    if (by === "web-and-the-rest")
      assert.deepEqual((await processes_of(data)).map(({ name }) => name).sort(), ["log-analytics", "rest", "web-1", "web-2"]);
    assert.equal(await jebi.stop(), 0);
  }
}, 120_000);

const data = temporary_folder();
const jebi = await Jebi.start({ data, by: "split" });
const visitor = new Api(jebi.url);
const bora = await visitor.sign_up("bora");
await bora.post("/api/v1/tweets", { text: "a swallow by the sea" });

await check("a process that is killed costs readers nothing, whichever it is, and is back at once", async () => {
  const pages = ["/", "/users/bora", "/api/v1/tweets", "/api/v1/users/bora", "/search?q=swallow"];
  for (const name of services) {
    // A connection to a web that is killed is cut: as a browser does, its request is sent again on another one.
    const connections_max = name === "web" ? pages.length : 0;
    const read = async (page, cut = 0) => {
      const answer = await bora.get(page).catch((error) => (cut < connections_max ? null : Promise.reject(error)));
      return answer ? answer.status : read(page, cut + 1);
    };
    const readers = pages.map((page) => again_and_again(() => read(page)));
    const before = await process_of(data, name);
    process.kill(before.pid, "SIGKILL");
    await eventually(async () => {
      const after = await process_of(data, name);
      return after && after.pid !== before.pid && after.health === "ready";
    }, `${name} to be ready again`);
    for (const [index, reader] of readers.entries()) {
      const answers = await reader.end();
      const bad = answers.filter((status) => status !== 200);
      assert.deepEqual(bad, [], `${pages[index]} while ${name} was away, of ${answers.length} answers`);
    }
  }
}, 120_000);

await check("a tweet that was acknowledged is there once, however often tweets is killed", async () => {
  const said = [];
  const writer = again_and_again(async (number) => {
    const text = `number-${number}`;
    for (let tries = 0; tries < 50; tries += 1) {
      const answer = await bora.post("/api/v1/tweets", { text }, { "Idempotency-Key": text }).catch(() => null);
      if (answer?.status !== 201 && answer?.status !== 200) continue;
      said.push(text);
      return answer.status;
    }
    return "never taken";
  });
  for (let round = 0; round < 5; round += 1) {
    const before = await process_of(data, "tweets");
    const count = said.length;
    process.kill(before.pid, "SIGKILL");
    await eventually(() => said.length > count + 2, "more tweets after the kill");
    await eventually(async () => (await process_of(data, "tweets"))?.health === "ready", "tweets to be ready again");
  }
  const answers = await writer.end();
  assert.ok(!answers.includes("never taken"), `${answers}`);
  const there = [];
  for (let cursor = ""; cursor !== undefined;) {
    const page = (await visitor.get(`/api/v1/tweets?limit=100${cursor}`)).body;
    there.push(...page.tweets.map(({ text }) => text).filter((text) => text.startsWith("number-")));
    cursor = page.next ? `&cursor=${page.next}` : undefined;
  }
  assert.deepEqual([...there].sort(), [...said].sort());
}, 60_000);

await check("a process that is there and mute is killed and started anew", async () => {
  const before = await process_of(data, "follows");
  process.kill(before.pid, "SIGSTOP");
  await eventually(async () => {
    const after = await process_of(data, "follows");
    return after?.pid !== before.pid && after?.health === "ready";
  }, "another process for follows", 20_000);
  assert.match((await run(["status", "--data", data])).out, /did not answer/);
});

await check("a second supervisor on the same data is refused, and the first one goes on", async () => {
  const refused = await run(["up", topology_file("split"), "--data", data]);
  assert.equal(refused.code, 2, refused.err);
  assert.match(refused.err, /Another process uses the folder/);
  assert.equal((await visitor.get("/")).status, 200);
});

await check("a backup of several databases is a folder, and comes back from it", async () => {
  const copy = join(temporary_folder(), "copy");
  const told = await run(["backup", copy, "--data", data]);
  assert.equal(told.code, 0, told.err);
  assert.match(told.out, /^7 databases are copied/);
  const refused = await run(["restore", join(copy, "tweets.db"), "--data", data]);
  assert.equal(refused.code, 2);
  assert.match(refused.err, /in use/);
  const elsewhere = temporary_folder();
  assert.equal((await run(["restore", copy, "--data", elsewhere])).code, 0);
  const beside = await run(["restore", join(copy, "tweets.db"), "--data", elsewhere]);
  assert.equal(beside.code, 2);
  assert.match(beside.err, /has a database that the backup has not: accounts\.db.*Nothing was replaced/);
  const again = await Jebi.start({ data: elsewhere, by: "" });
  const texts = (await new Api(again.url).get("/api/v1/tweets?limit=100")).body.tweets;
  assert.ok(texts.length > 0);
  await again.stop();
});

await check("Ctrl-C ends every process in order", async () => {
  const pids = (await processes_of(data)).map(({ pid }) => pid);
  assert.equal(pids.length, services.length + 1);
  assert.equal(await jebi.stop("SIGINT"), 0);
  assert.ok(jebi.log.includes("jebi has stopped."), jebi.log.join("\n"));
  assert.deepEqual(pids.filter(is_there), []);
});

await check("when the supervisor is killed no process stays behind", async () => {
  const again = await Jebi.start({ data, by: "split" });
  const pids = (await processes_of(data)).map(({ pid }) => pid);
  await again.kill();
  await eventually(() => !pids.some(is_there), "all processes to end", 20_000);
});

await check("a topology that is wrong is refused with file, line and the nearest name", async () => {
  const file = join(temporary_folder(), "wrong.toml");
  const all = '["accounts", "follows", "tweets", "timelines", "notifications", "messages", "search", "web"]';
  const rows = [
    ['[process.one]\nmodules = ["acounts"]\n', /wrong\.toml:2: .*"acounts".*"accounts"/],
    [`[process.one]\nmodules = ${all}\nlisten = "127.0.0.1:0"\n[edge."web -> tweets"]\ntimout_ms = 5\n`, /wrong\.toml:5: .*timout_ms.*timeout_ms/],
    [`[process.one]\nmodules = ${all}\nlisten = "127.0.0.1:0"\n[process.logs]\nmodules = ["log_analytics"]\nlisten = "127.0.0.1:0"\nsettings.store.tail_rows_mx = 1\n`,
      /wrong\.toml:7: .*tail_rows_mx.*tail_rows_max/],
    [`[process.one]\nmodules = ${all}\nlisten = "127.0.0.1:0"\ncontracts = "127.0.0.1:7001"\n`, /wrong\.toml:2: .*"one".*TCP.*shared secret/],
    [`[process.one]\nmodules = ${all}\nlisten = "127.0.0.1:0"\nsettings.log.levle = "debug"\n`, /wrong\.toml:4: .*log\.levle.*log\.level/],
    [`[process.one]\nmodules = ${all}\nlisten = "127.0.0.1:0"\n[edge."web -> tweets"]\nretry_backoff_ms = 2000\n`, /wrong\.toml:[45]: .*retry_backoff_ms/],
  ];
  for (const [text, why] of rows) {
    writeFileSync(file, text);
    const refused = await run(["up", file, "--data", temporary_folder()]);
    assert.equal(refused.code, 2, refused.out);
    assert.match(refused.err, why);
  }
});

await check("Ctrl-C is heeded while a process cannot start", async () => {
  const file = topology_file("split");
  const never = '\n[external.never]\nservice = "jebi.trending.v1.Trending"\naddress = "127.0.0.1:9"\ncommand = ["false"]\nhealth = "/"\n';
  appendFileSync(file, never);
  const folder = temporary_folder();
  const starting = new Jebi(folder, ["up", file, "--data", folder]);
  starting.ready.catch(() => {});
  await eventually(() => existsSync(join(folder, "run/supervisor.sock")), "the supervisor");
  assert.equal(await starting.stop("SIGINT"), 0);
  assert.ok(starting.log.includes("jebi has stopped."), starting.log.join("\n"));
});

await check("a machine that the topology does not know is refused", async () => {
  const refused = await run(["up", topology_file("split"), "--machine", "thsi", "--data", temporary_folder()]);
  assert.equal(refused.code, 2);
  assert.match(refused.err, /no process on the machine "thsi".*--machine this/);
  // Before it is missed that there is no secret to call the others with.
  const misspelt = await run(["up", topology_file("two-machines"), "--machine", "frnot", "--data", temporary_folder()]);
  assert.equal(misspelt.code, 2);
  assert.match(misspelt.err, /no process on the machine "frnot".*--machine front/);
});

await check("somebody else's database in the data folder is left alone", async () => {
  const folder = temporary_folder();
  writeFileSync(join(folder, "notes.db"), "no database at all, but somebody's notes\n".repeat(200));
  const beside_it = await Jebi.start({ data: folder, by: "split" });
  assert.equal((await new Api(beside_it.url).get("/")).status, 200);
  assert.equal(await beside_it.stop(), 0);
});

finish();

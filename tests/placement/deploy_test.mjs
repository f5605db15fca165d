// node deploy_test.mjs PROGRAM: processes are replaced under load and nobody notices; what is worse than before is refused or undone.
import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { Api } from "../lib/api.mjs";
import { check, eventually, finish } from "../lib/checks.mjs";
import { Jebi, program, run, temporary_folder } from "../lib/jebi.mjs";

const reads_between_writes = 30;  // so that one person's tweets stay below what one may write

const programs = dirname(program);
const bad_program = fileURLToPath(new URL("bad_program.mjs", import.meta.url));
const environment = { GOOD_PROGRAM: join(programs, "jebi-tweets") };
const data = temporary_folder();
const jebi = await Jebi.start({ data, by: "split", environment });
const visitor = new Api(jebi.url);
const bora = await visitor.sign_up("bora");
await bora.post("/api/v1/tweets", { text: "a swallow by the sea" });

const pid_of = async (name) => JSON.parse((await run(["status", "--json", "--data", data])).out).processes.find((one) => one.name === name).pid;
const deploy = (...args) => run(["deploy", ...args, "--data", data], { deadline_ms: 60_000, environment });

function script(lines) {
  const file = join(temporary_folder(), "program");
  writeFileSync(file, `#!/bin/sh\n${lines}\n`);
  chmodSync(file, 0o755);
  return file;
}

await check("twenty deployments in a row under load: no request fails, and nothing is written twice or lost", async () => {
  const pages = ["/", "/users/bora", "/api/v1/tweets", "/search?q=swallow"];
  const bad = [];
  const said = [];
  let answers = 0, over = false;
  const read = async (page) => {
    const status = await bora.get(page).then((answer) => answer.status, (error) => `${error.cause ?? error}`);
    if (status !== 200) bad.push(`${page}: ${status}`);
    answers += 1;
  };
  const reader = async (page) => {
    while (!over) await read(page);
  };
  const writer = async () => {
    for (let number = 0; !over; number += 1) {
      const text = `number-${number}`;
      const answer = await bora.post("/api/v1/tweets", { text }, { "Idempotency-Key": text }).catch((error) => ({ status: `${error.cause ?? error}` }));
      if (answer.status === 201) said.push(text);
      else bad.push(`writing: ${answer.status} ${JSON.stringify(answer.body)}`);
      for (let reads = 0; reads < reads_between_writes && !over; reads += 1) await read("/");
    }
  };
  const load = [...pages.map(reader), writer()];
  const modules = ["tweets", "accounts", "web", "follows", "timelines", "notifications", "messages", "search", "log_analytics", "tweets"];
  for (const module of [...modules, ...modules]) {
    const before = await pid_of(module.replace("_", "-"));
    const done = await deploy(module);
    assert.equal(done.code, 0, done.err);
    assert.match(done.out, new RegExp(`The process "${module.replace("_", "-")}" is replaced`));
    assert.notEqual(await pid_of(module.replace("_", "-")), before);
  }
  over = true;
  await Promise.all(load);
  assert.deepEqual(bad, [], `of ${answers} answers`);
  const there = [];
  for (let cursor = ""; cursor !== undefined;) {
    const page = (await visitor.get(`/api/v1/tweets?limit=100${cursor}`)).body;
    there.push(...page.tweets.map(({ text }) => text).filter((text) => text.startsWith("number-")));
    cursor = page.next ? `&cursor=${page.next}` : undefined;
  }
  assert.deepEqual([...there].sort(), [...said].sort());
  console.log(`20 deployments, ${answers} answers, ${said.length} tweets`);
}, 300_000);

await check("a program whose contract breaks the one that runs is refused, and told what breaks", async () => {
  const before = await pid_of("tweets");
  const refused = await deploy("tweets", "--binary", join(programs, "jebi-follows"));
  assert.equal(refused.code, 2);
  assert.match(refused.err, /jebi\.tweets\.v1\.Tweets.*SERVICE_NO_DELETE|SERVICE_NO_DELETE/s);
  assert.equal(await pid_of("tweets"), before);
});

await check("what is no program of ours is refused", async () => {
  for (const [binary, why] of [["/bin/false", /does not say which contracts/], ["/nonexistent", /cannot be started/]]) {
    const refused = await deploy("tweets", "--binary", binary);
    assert.notEqual(refused.code, 0);
    assert.match(refused.err, why);
  }
  const unknown = await deploy("tweet");
  assert.match(unknown.err, /No process hosts a module "tweet"\. Did you mean "tweets"\?/);
});

await check("a program that does not get ready is undone by itself", async () => {
  const broken = script(`[ "$1" = contracts ] && exec "${join(programs, "jebi-tweets")}" "$@"\nexit 3`);
  const before = await pid_of("tweets");
  const undone = await deploy("tweets", "--binary", broken);
  assert.equal(undone.code, 1);
  assert.match(undone.err, /exit code 3.*The old one runs again/s);
  assert.equal(await pid_of("tweets"), before);
});

await check("a program that gets ready and then fails is undone by itself", async () => {
  const undone = await deploy("tweets", "--binary", bad_program);
  assert.equal(undone.code, 1);
  assert.match(undone.err, /50 % failed.*The old one runs again/s);
  assert.equal((await visitor.get("/api/v1/tweets")).status, 200);
  assert.equal((await bora.post("/api/v1/tweets", { text: "after all" })).status, 201);
});

await check("a program that gets ready and then dies, again and again, is undone by itself", async () => {
  const undone = await deploy("tweets", "--binary", script(`DIES=yes exec "${bad_program}" "$@"`));
  assert.equal(undone.code, 1);
  assert.match(undone.err, /The old one runs again/);
  await eventually(async () => (await bora.post("/api/v1/tweets", { text: "once more" })).status === 201, "a tweet");
});

await check("without a supervisor there is nothing to deploy to", async () => {
  const refused = await run(["deploy", "tweets", "--data", temporary_folder()]);
  assert.equal(refused.code, 2);
  assert.match(refused.err, /Nobody supervises/);
});

await jebi.stop();
finish();

// node degradation_test.mjs PROGRAM: docs/guides/degradation.md where each module is a process: one of them is killed and stays away,
// or stands still. What is shown then is what the guide says, or better: answers of a moment ago may stand in for those of now.
//
// The supervisor is held meanwhile, as it would have another process there before anybody could look. log-analytics is not among
// them: tests/degradation asks for it.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";

import { check, eventually, finish } from "../lib/checks.mjs";
import { done, guide, modules, Town, word, words_of, worse_than } from "../lib/degradation.mjs";
import { Jebi, run, temporary_folder } from "../lib/jebi.mjs";

const data = temporary_folder();
const jebi = await Jebi.start({ data, by: "split" });
const town = await Town.open(jebi.url);

const processes = async () => JSON.parse((await run(["status", "--json", "--data", data])).out).processes;
const all_well = () =>
  eventually(async () => {
    const ready = (await processes()).every(({ health }) => health === "ready");
    return ready && (await town.is_whole());
  }, "everything to be whole", 30_000);

// After a signal its threads go on for a moment, in which the supervisor would start another process.
const stands_still = (pid) =>
  readdirSync(`/proc/${pid}/task`).every((thread) => / \(.*\) T /.test(readFileSync(`/proc/${pid}/task/${thread}/stat`, "utf8")));

// What `body` answers while the module's process is away, or stands still, and nobody mends it.
async function without(module, signal, body) {
  const { pid } = (await processes()).find(({ name }) => name === module);
  process.kill(jebi.child.pid, "SIGSTOP");
  await eventually(() => stands_still(jebi.child.pid), "the supervisor to stand still");
  process.kill(pid, signal);
  try {
    return await body();
  } finally {
    if (signal === "SIGSTOP") process.kill(pid, "SIGCONT");
    process.kill(jebi.child.pid, "SIGCONT");
  }
}

const said = guide();
const written = [];

for (const [signal, what] of [["SIGKILL", "is killed"], ["SIGSTOP", "stands still"]]) {
  for (const module of modules) {
    await check(`pages and operations are what the guide says, or better, while ${module} ${what}`, async () => {
      const about = `${module}-${what.replaceAll(" ", "-")}`;
      await all_well();
      await town.jun_writes(about);  // so that what minji writes does not push it off the first pages
      await all_well();
      const writes = town.writing(about);
      const rows = { ...town.reading, ...writes };
      const found = await without(module, signal, () => words_of(rows));
      assert.deepEqual(worse_than(said, found, module), []);
      written.push(writes);
    }, 90_000);
  }
}

await check("what was kept is there once when it is sent again", async () => {
  await all_well();
  assert.equal(written.length, 2 * modules.length);
  for (const writes of written) {
    for (const row of Object.values(writes)) assert.equal((await row.ask()).status, 303);
  }
  const tweets = done(await town.nobody.get("/api/v1/tweets?limit=100")).tweets;
  const conversation = done(await town.minji.get("/api/v1/messages/jun?limit=100")).messages;
  const there = [...tweets, ...conversation].map(({ text }) => text).sort();
  for (const { text } of written.flatMap((writes) => Object.values(writes))) {
    if (text && !text.startsWith("an answer")) assert.equal(there.filter((one) => one === text).length, 1, text);
  }
}, 60_000);

await check("a block that has just been made holds while follows is away", async () => {
  await all_well();
  done(await town.minji.put("/api/v1/users/jun/block"));
  const bodies = await without("follows", "SIGKILL", () =>
    Promise.all(["/tweets", "/tweets/hashtag/swallow"].map(async (path) => (await town.pages.get(path)).body)));
  for (const body of bodies) assert.ok(!body.includes(word), body);
}, 60_000);

assert.equal(await jebi.stop(), 0);
finish();

// node neighbours_test.mjs PROGRAM: a module as it was before and the others as they are now work together, whichever it is, as in the
// middle of replacing one after the other.
import assert from "node:assert/strict";
import { readFileSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { Api } from "../lib/api.mjs";
import { check, eventually, finish, skip } from "../lib/checks.mjs";
import { Jebi, program, run, temporary_folder, topology_file } from "../lib/jebi.mjs";
import { previous } from "./previous.mjs";

const build_ms_max = 900_000;
const modules = ["accounts", "follows", "tweets", "timelines", "notifications", "messages", "search", "web", "log_analytics"];
const process_of = (module) => module.replace("_", "-");
const program_of = (folder, module) => join(folder, module === "log_analytics" ? "log-analytics" : `jebi-${module}`);

// Every call between two modules that a person can bring about: what one writes, the other sees.
async function walk(url, suffix) {
  const visitor = new Api(url);
  const [haneul, bora] = [await visitor.sign_up(`haneul_${suffix}`), await visitor.sign_up(`bora_${suffix}`)];
  const good = (answer) => (assert.ok(answer.status < 300, `${answer.status} ${JSON.stringify(answer.body)}`), answer.body);
  good(await bora.put(`/api/v1/users/haneul_${suffix}/follow`));
  const { id } = good(await haneul.post("/api/v1/tweets", { text: `swallows over ${suffix} #제비` }));
  good(await bora.put(`/api/v1/tweets/${id}/favourite`));
  good(await bora.put(`/api/v1/tweets/${id}/repost`));
  good(await bora.post("/api/v1/tweets", { text: `@haneul_${suffix} I saw them`, reply_to: id }));
  good(await bora.post(`/api/v1/messages/haneul_${suffix}`, { text: "between us" }));
  const said = async (who, path, what) => JSON.stringify(good(await who.get(path))).includes(what);
  const seen = [
    [bora, "/api/v1/timelines/home", `swallows over ${suffix}`],
    [haneul, "/api/v1/notifications", `bora_${suffix}`],
    [haneul, "/api/v1/messages", "between us"],
    [visitor, `/api/v1/tweets/${id}/thread`, "I saw them"],
    [visitor, `/api/v1/search?q=${suffix}`, `swallows over ${suffix}`],
  ];
  for (const [who, path, what] of seen) await eventually(() => said(who, path, what), `"${what}" in ${path}`);
  for (const page of ["/", `/users/haneul_${suffix}`, `/search?q=${suffix}`]) assert.match((await visitor.get(page)).body, /swallows over/, page);
}

const processes_of = async (data) => JSON.parse((await run(["status", "--json", "--data", data])).out).processes;
const runs_from = async (data, module) => dirname(realpathSync(`/proc/${(await processes_of(data)).find(({ name }) => name === process_of(module)).pid}/exe`));

// split.toml, with the programs of these modules from that folder.
function mixture(old_modules, folder) {
  const file = topology_file("split");
  const text = old_modules.reduce(
    (all, module) => all.replace(`modules = ["${module}"]\n`, (line) => `${line}program = "${program_of(folder, module)}"\n`), readFileSync(file, "utf8"));
  writeFileSync(file, text);
  return file;
}

let old = {};
await check("the programs of before the last change can be built", async () => {
  old = previous();
}, build_ms_max);
if (old.lacking) skip("old and new neighbours", old.lacking);
if (!old.folder) finish();
console.log(`before the last change: ${old.commit}`);

// Each module is old or new by one bit of its number, and the other way round: so each is once old beside a new one of each other.
const bits = Math.ceil(Math.log2(modules.length));
for (let bit = 0; bit < bits; bit += 1) {
  for (const value of [0, 1]) {
    const olds = modules.filter((_, number) => ((number >> bit) & 1) === value);
    await check(`the ${olds.join(", ")} of before, and all others of now`, async () => {
      const data = temporary_folder();
      const jebi = await Jebi.start({ data, file: mixture(olds, old.folder) });
      for (const module of modules)
        assert.equal(await runs_from(data, module), olds.includes(module) ? realpathSync(old.folder) : realpathSync(dirname(program)), module);
      await walk(jebi.url, `${bit}${value}`);
      assert.equal(await jebi.stop(), 0);
    }, 60_000);
  }
}

await check("what was started by the program of before takes modules of now, one after the other, and keeps its data", async () => {
  const data = temporary_folder();
  const jebi = await Jebi.start({ data, by: "split", from: join(old.folder, "jebi") });
  await walk(jebi.url, "before");
  for (const module of ["accounts", "tweets", "web"]) {
    const done = await run(["deploy", module, "--binary", program_of(dirname(program), module), "--data", data], { deadline_ms: 60_000 });
    assert.equal(done.code, 0, done.err);
    assert.equal(await runs_from(data, module), realpathSync(dirname(program)));
    await walk(jebi.url, `after_${module}`);
  }
  assert.match((await new Api(jebi.url).get("/users/haneul_before")).body, /swallows over before/);
  assert.equal(await jebi.stop(), 0);
}, 120_000);

finish();

// node degradation_test.mjs PROGRAM: docs/guides/degradation.md where each module is a process: one of them is killed and stays away,
// or stands still. What is shown then is what the guide says, or better: answers of a moment ago may stand in for those of now.
//
// The supervisor is held meanwhile, as it would have another process there before anybody could look. log-analytics is not among
// them: tests/degradation asks for it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Api } from "../lib/api.mjs";
import { check, eventually, finish } from "../lib/checks.mjs";
import { Jebi, root, run, temporary_folder } from "../lib/jebi.mjs";
import { Pages } from "../lib/pages.mjs";

const data = temporary_folder();
const jebi = await Jebi.start({ data, by: "split" });
const nobody = new Api(jebi.url);
const minji = await nobody.sign_up("minji");
const jun = await nobody.sign_up("jun");
const pages = new Pages(jebi.url, minji.token);

const done = (answer) => (assert.ok(answer.status < 300, JSON.stringify(answer)), answer.body);
const jun_writes = async (more = "") => {
  done(await jun.post("/api/v1/messages/minji", { text: `jun's message ${more}` }));
  return done(await jun.post("/api/v1/tweets", { text: `jun's word to #swallow ${more}` })).id;
};
done(await minji.put("/api/v1/users/jun/follow"));
done(await jun.put("/api/v1/users/minji/follow"));
const juns = await jun_writes();
const csrf = await pages.csrf();

const page = (path, has) => ({ ask: () => pages.get(path), has });
const visitors = (path, has) => ({ ask: () => nobody.get(path), has });
const program = (path, has) => ({ ask: () => minji.get(path), has });
const form = (path, text, key) =>
  ({ ask: () => pages.send("POST", path, text === undefined ? { csrf } : { csrf, text, key }), has: "", text, key });

// Those of the guide's rows that are asked for here. Writing comes with a text and a key of its own each time.
const word = "jun&#39;s word";
const reading = {
  home: page("/", word),
  "everybody's tweets": page("/tweets", word),
  profile: page("/users/jun", word),
  "profile, followers": page("/users/jun/followers", "@minji"),
  thread: page(`/tweets/${juns}`, word),
  hashtag: page("/tweets/hashtag/swallow", word),
  "search: tweets": page("/search?q=word&in=posts", word),
  notifications: page("/notifications", "/users/jun"),
  conversation: page("/messages/jun", "jun&#39;s message"),
  "user list": page("/userslist", "@jun"),
  settings: page("/settings", "display_name"),
  "home, as a visitor": visitors("/", word),
  "profile, as a visitor": visitors("/users/jun", word),
  "thread, as a visitor": visitors(`/tweets/${juns}`, word),
  "page to sign in": visitors("/login", "password"),
  "GET /api/v1/tweets": program("/api/v1/tweets", "jun's word"),
  "GET /api/v1/users/{name}": program("/api/v1/users/jun", "jun"),
  "GET /api/v1/search": program("/api/v1/search?q=word", "jun's word"),
  "Mastodon: home timeline": program("/api/v1/timelines/home", word),
  "Mastodon: status": program(`/api/v1/statuses/${juns}`, word),
  "Mastodon: notifications": program("/api/v1/notifications", "jun"),
};
const writing = (about) => ({
  "write a tweet": form("/tweets", `a tweet ${about}`, `tweet-${about}`),
  reply: form(`/tweets/${juns}/comments`, `an answer ${about}`, `answer-${about}`),
  "write a message": form("/messages/jun", `a message ${about}`, `message-${about}`),
  favourite: form(`/tweets/${juns}/favorites`),
  follow: form("/users/jun/follow"),
});

// {row: {module: word}} of "The table".
function guide() {
  const text = readFileSync(join(root, "docs/guides/degradation.md"), "utf8").split("## The table")[1].split("\n## ")[0];
  const cells = (line) => line.split("|").slice(1, -1).map((cell) => cell.trim());
  const [head, , ...lines] = text.split("\n").filter((line) => line.startsWith("|")).map(cells);
  return Object.fromEntries(lines.map(([row, ...words]) => [row, Object.fromEntries(words.map((word, i) => [head[i + 1], word]))]));
}

// How much somebody has of it. `visitor` and `partly` are worth the same.
const worth = { whole: 4, quiet: 3, visitor: 2, partly: 2, away: 1, kept: 0, refused: 0 };

// The guide's word for an answer, or what is wrong with it. `quiet` looks like `whole` from here.
function word_of({ status, body, fields }, { has, text, key }) {
  const shown = typeof body === "string" ? body : JSON.stringify(body);
  const wrong = (what) => `${what}: ${status} ${shown.slice(0, 300)}`;
  if (status < 400) {
    if (shown.includes('class="alert unknown"')) return shown.includes(has) ? "visitor" : wrong("a visitor would see more");
    if (shown.includes('class="alert"')) return "partly";
    return shown.includes(has) ? "whole" : wrong("without what it is for");
  }
  if (![500, 503, 504].includes(status)) return wrong("not this status");
  if (status !== 500 && !fields.has("retry-after")) return wrong("does not say when");
  if (typeof body !== "string") return /"trace_id":"[0-9a-f]{32}"/.test(shown) ? "refused" : wrong("no trace id");
  if (!/<code>[0-9a-f]{32}<\/code>/.test(shown)) return wrong("no trace id");
  if (text) return shown.includes(`${text}</textarea>`) && shown.includes(`value="${key}"`) ? "kept" : wrong("the text is lost");
  if (shown.includes('class="lost"')) return "refused";
  return shown.includes('class="alert"') ? "away" : wrong("unclear");
}

async function words_of(rows) {
  const found = await Promise.all(Object.entries(rows).map(async ([name, row]) => [name, word_of(await row.ask(), row)]));
  return Object.fromEntries(found);
}

const processes = async () => JSON.parse((await run(["status", "--json", "--data", data])).out).processes;
const all_well = () =>
  eventually(async () => {
    const ready = (await processes()).every(({ health }) => health === "ready");
    return ready && Object.values(await words_of(reading)).every((word) => word === "whole");
  }, "everything to be whole", 30_000);

// What `body` answers while the module's process is away, or stands still, and nobody mends it.
async function without(module, signal, body) {
  const { pid } = (await processes()).find(({ name }) => name === module);
  process.kill(jebi.child.pid, "SIGSTOP");
  process.kill(pid, signal);
  try {
    return await body();
  } finally {
    if (signal === "SIGSTOP") process.kill(pid, "SIGCONT");
    process.kill(jebi.child.pid, "SIGCONT");
  }
}

const said = guide();
const modules = ["accounts", "tweets", "follows", "timelines", "notifications", "messages", "search"];
const written = [];

for (const [signal, what] of [["SIGKILL", "is killed"], ["SIGSTOP", "stands still"]]) {
  for (const module of modules) {
    await check(`pages and operations are what the guide says, or better, while ${module} ${what}`, async () => {
      const about = `${module}-${what.replaceAll(" ", "-")}`;
      await all_well();
      await jun_writes(about);  // so that what minji writes does not push it off the first pages
      await all_well();
      const writes = writing(about);
      const rows = { ...reading, ...writes };
      const found = await without(module, signal, () => words_of(rows));
      const worse = Object.entries(found).filter(([row, word]) => !(worth[word] >= worth[said[row][module]]));
      assert.deepEqual(worse.map(([row, word]) => `${row}: ${word}, not ${said[row][module]}`), []);
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
  const tweets = done(await nobody.get("/api/v1/tweets?limit=100")).tweets;
  const conversation = done(await minji.get("/api/v1/messages/jun?limit=100")).messages;
  const there = [...tweets, ...conversation].map(({ text }) => text).sort();
  for (const { text } of written.flatMap((writes) => Object.values(writes))) {
    if (text && !text.startsWith("an answer")) assert.equal(there.filter((one) => one === text).length, 1, text);
  }
}, 60_000);

await check("a block that has just been made holds while follows is away", async () => {
  await all_well();
  done(await minji.put("/api/v1/users/jun/block"));
  const bodies = await without("follows", "SIGKILL", () =>
    Promise.all(["/tweets", "/tweets/hashtag/swallow"].map(async (path) => (await pages.get(path)).body)));
  for (const body of bodies) assert.ok(!body.includes(word), body);
}, 60_000);

assert.equal(await jebi.stop(), 0);
finish();

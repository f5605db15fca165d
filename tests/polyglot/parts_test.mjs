// node parts_test.mjs: the parts of the trending hashtags in Node.js (examples/polyglot/trending) that need no package and nobody
// else: the counting at times that the test holds, the database through snapshots, the trace.
import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Database } from "../../examples/polyglot/trending/database.mjs";
import { Hashtags } from "../../examples/polyglot/trending/hashtags.mjs";
import { in_trace, passed_on } from "../../examples/polyglot/trending/trace.mjs";
import { check, finish } from "../lib/checks.mjs";

const hour_ms = 3_600_000;
const now_ms = 1_800_000_000_000;
const names = (list) => list.map(({ hashtag }) => hashtag);

await check("a tweet counts for the hours that it is asked about, and no longer", async () => {
  const hashtags = new Hashtags();
  hashtags.apply(["1", now_ms - 25 * hour_ms, ["yesterday"]]);
  hashtags.apply(["2", now_ms - hour_ms, ["today"]]);
  assert.deepEqual(names(hashtags.top(10, 24, now_ms)), ["today"]);
  assert.deepEqual(names(hashtags.top(10, 168, now_ms)), ["today", "yesterday"]);
  assert.deepEqual(names(hashtags.top(10, 24, now_ms + 24 * hour_ms)), []);
});
await check("of a tweet that has a hashtag twice it counts once", async () => {
  const hashtags = new Hashtags();
  hashtags.apply(["1", now_ms - 1, ["swallow", "Swallow"]]);
  assert.deepEqual(hashtags.top(10, 24, now_ms), [{ hashtag: "Swallow", tweets: 1n }]);
});
await check("what no question reaches is forgotten, and the oldest of more than 200,000", async () => {
  const hashtags = new Hashtags();
  hashtags.apply(["old", now_ms - 168 * hour_ms, ["old"]]);
  hashtags.apply(["first", now_ms - 2 * hour_ms, ["first"]]);
  hashtags.forget_old(now_ms);
  assert.deepEqual([...hashtags.tweets.keys()], ["first"]);
  for (let id = 1; id <= 200_000; ++id) hashtags.apply([String(id), now_ms - hour_ms, ["many"]]);
  hashtags.forget_old(now_ms);
  assert.equal(hashtags.tweets.size, 200_000);
  assert.ok(!hashtags.tweets.has("first"));
});

const folder = mkdtempSync(join(tmpdir(), "jebi-trending-"));
const file = (name) => join(folder, name);
const reopened = async (database) => {
  await database.close();
  return Database.open(folder);
};

await check("a full journal becomes a snapshot, and nothing is lost or doubled", async () => {
  let database = await Database.open(folder);
  const created_ms = Date.now();
  const long = "x".repeat(100_000);
  for (let position = 1n; !existsSync(file("snapshot")); ++position) {
    assert.ok(position < 100n, "no snapshot comes");
    copyFileSync(file("journal"), file("journal before"));
    await database.commit([[String(position % 7n), created_ms, [`tag${position}`, long]]], position);
  }
  const { position } = database;
  const all = database.hashtags.changes();
  assert.equal(readFileSync(file("journal"), "utf8"), "");
  database = await reopened(database);
  assert.deepEqual([database.position, database.hashtags.changes()], [position, all]);

  // Killed between the snapshot's name and the end of the old journal: what that has is in the snapshot already.
  await database.close();
  copyFileSync(file("journal before"), file("journal"));
  database = await Database.open(folder);
  assert.deepEqual([database.position, database.hashtags.changes()], [position, all]);
  await database.commit([["1", 0, []]], position + 1n);
  database = await reopened(database);
  assert.equal(database.position, position + 1n);
  assert.ok(!database.hashtags.tweets.has("1"));
  await database.close();
});
await check("a snapshot that is damaged is refused, and says what to do", async () => {
  const bytes = readFileSync(file("snapshot"));
  bytes[bytes.length - 10] ^= 1;
  writeFileSync(file("snapshot"), bytes);
  await assert.rejects(Database.open(folder), /is damaged; take the folder away/);
});
rmSync(folder, { recursive: true });

await check("the trace of who asks goes on, with a span of its own", async () => {
  const id = "4bf92f3577b34da6a3ce929d0e0e4736";
  const asked = new Headers({ traceparent: `00-${id}-00f067aa0ba902b7-01`, tracestate: "other=1" });
  const { header } = in_trace(asked, () => passed_on((request) => request)({ header: new Headers() }));
  assert.match(header.get("traceparent"), new RegExp(`^00-${id}-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$`));
  assert.equal(header.get("tracestate"), "other=1");
});
await check("one that cannot be read is a new one, and its state is nobody's", async () => {
  for (const wrong of ["", "00-1", `00-${"0".repeat(32)}-00f067aa0ba902b7-01`]) {
    const asked = new Headers({ traceparent: wrong, tracestate: "other=1" });
    const { header } = in_trace(asked, () => passed_on((request) => request)({ header: new Headers() }));
    assert.match(header.get("traceparent"), /^00-(?!0{32})[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    assert.equal(header.get("tracestate"), null);
  }
});
finish();

// node verbs_test.mjs PROGRAM: `jebi chaos` does what it says, to whom it says, and nothing where nobody has allowed it.
import assert from "node:assert/strict";

import { Api } from "../lib/api.mjs";
import { check, eventually, finish } from "../lib/checks.mjs";
import { Jebi, run, temporary_folder } from "../lib/jebi.mjs";
import { UnderChaos } from "./under_chaos.mjs";

await check("nothing is broken that nobody has allowed to be broken", async () => {
  const data = temporary_folder();
  const quiet = await Jebi.start({ data });
  for (const words of [["kill", "jebi"], ["error", "tweets"], ["monkey", "--for", "1s", "--url", quiet.url]]) {
    const refused = await run(["chaos", ...words, "--data", data]);
    assert.equal(refused.code, 1, refused.out);
    assert.match(refused.err, /the setting chaos is off\. Start it with --chaos/);
  }
  assert.equal((await new Api(quiet.url).get("/")).status, 200);
  await quiet.stop();
  const nobody = await run(["chaos", "kill", "jebi", "--data", data]);
  assert.notEqual(nobody.code, 0);
});

const town = await UnderChaos.start();
const visitor = new Api(town.url);
const bora = await visitor.sign_up("bora");
await bora.post("/api/v1/tweets", { text: "a swallow by the sea" });
const statuses_of = async (count, ask) => (await Promise.all(Array.from({ length: count }, ask))).map(({ status }) => status);

await check("who is killed is another process, and well again when that is said", async () => {
  const before = await town.process("tweets");
  assert.match(await town.chaos_well("kill", "tweets"), /"tweets" was well again after \d+\.\d{3} s/);
  const after = await town.process("tweets");
  assert.notEqual(after.pid, before.pid);
  assert.equal(after.health, "ready");
});

await check("who stands still goes on by itself, as the same process", async () => {
  const before = await town.process("follows");
  assert.match(await town.chaos_well("pause", "follows", "--for", "500ms"), /well again/);
  assert.equal((await town.process("follows")).pid, before.pid);
});

await check("who stands still goes on at once when it is told to", async () => {
  const paused = town.chaos_well("pause", "follows", "--for", "5m");
  await eventually(async () => (await town.process("follows")).health === "mute", "follows to be mute");
  await town.chaos_well("stop");
  assert.match(await paused, /well again/);
});

await check("errors hit the share of the calls that is said, and end when they are told to", async () => {
  await town.chaos_well("error", "messages", "--share", "0.5", "--for", "5m", "--seed", "7");
  assert.match(await town.chaos_well("list"), /^messages: error \(unavailable\), 50 % of calls, for \d+\.\d s more; hit \d+ of \d+ calls$/m);
  await eventually(async () => {
    await bora.get("/api/v1/messages");
    const [, hits, calls] = /hit (\d+) of (\d+) calls/.exec(await town.chaos_well("list"));
    return Number(hits) > 0 && Number(hits) < Number(calls);
  }, "some calls to be hit, and some not");
  await town.chaos_well("stop");
  assert.match(await town.chaos_well("list"), /No faults act/);
  await eventually(async () => (await bora.get("/api/v1/messages")).status === 200, "messages again");
});

await check("who waits for a slow process is answered when it is told to be slow no longer", async () => {
  await town.chaos_well("slow", "web", "--by", "1m", "--for", "5m");
  const asked = visitor.get("/");
  await eventually(async () => /hit 1 of 1 calls/.test(await town.chaos_well("list")), "the call to wait");
  await town.chaos_well("stop");
  assert.equal((await asked).status, 200);
});

await check("calls of one to another are cut, and those of everybody else are not", async () => {
  await town.chaos_well("cut", "web -> notifications", "--for", "5m");
  await eventually(async () => (await bora.get("/api/v1/notifications")).status === 503, "notifications to be away for web");
  const { pid } = await town.process("notifications");
  assert.ok(pid > 0);
  assert.equal((await visitor.get("/api/v1/tweets")).status, 200);
  assert.match(await town.chaos_well("list"), /^web: cut, calls to jebi\.notifications\.v1\.Notifications/m);
  await town.chaos_well("stop");
  await eventually(async () => (await bora.get("/api/v1/notifications")).status === 200, "notifications again");
});

await check("on a full disk nothing is written, and all is read", async () => {
  await town.chaos_well("disk-full", "tweets", "--for", "5m");
  const refused = await bora.post("/api/v1/tweets", { text: "no room" }, { "Idempotency-Key": "full" });
  assert.equal(refused.status, 503, JSON.stringify(refused.body));
  assert.deepEqual(await statuses_of(3, () => visitor.get("/api/v1/tweets")), [200, 200, 200]);
  await town.chaos_well("stop");
  await eventually(async () => (await bora.post("/api/v1/tweets", { text: "no room" }, { "Idempotency-Key": "full" })).status < 300, "room");
  assert.equal((await visitor.get("/api/v1/tweets")).body.tweets.filter(({ text }) => text === "no room").length, 1);
});

await check("lines of the log wait for a disk that is full, and cost nobody an answer", async () => {
  const sent = () => town.metric("web", "log_lines_sent_total");
  await town.chaos_well("disk-full", "log-analytics", "--for", "5m");
  assert.equal((await visitor.get("/")).status, 200);
  await eventually(async () => (await town.process("log-analytics")).health !== "ready", "log-analytics to say that it is full");
  const before = await sent();
  assert.equal((await visitor.get("/")).status, 200);
  await town.chaos_well("stop");
  await eventually(async () => (await sent()) > before, "the lines to be taken", 20_000);  // it has asked for 5 s of patience
  await eventually(async () => (await town.process("log-analytics")).health === "ready", "log-analytics to have room");
});

await check("one at a time, unless it is said otherwise", async () => {
  await town.chaos_well("slow", "search", "--by", "1s", "--for", "5m");
  const refused = await town.chaos("kill", "web");
  assert.equal(refused.code, 2);
  assert.match(refused.err, /Not well at the moment: search\. Wait, or say --max-down 2\./);
  assert.match(await town.chaos_well("kill", "messages", "--max-down", "2"), /well again/);
  await town.chaos_well("stop");
});

await check("log-analytics is broken too, and costs nobody an answer", async () => {
  await town.chaos_well("garbage", "log-analytics", "--for", "5m");
  assert.deepEqual(await statuses_of(20, () => visitor.get("/")), Array(20).fill(200));
  await town.chaos_well("stop");
});

await check("what is misspelt or makes no sense is refused, with what is meant", async () => {
  const rows = [
    [["kill", "tweet"], /Nothing named "tweet" runs here\. Did you mean "tweets"\?/],
    [["cut", "web -> tweet"], /Did you mean "tweets"\?/],
    [["cut", "tweets -> log-analytics"], /No process calls "log-analytics" by a contract\. Say "log-analytics" to break all that it answers\./],
    [["slow", "tweets", "--for", "5"], /--for is a time such as 500ms/],
    [["error", "tweets", "--share", "2"], /share of the calls is above 0 and at most 1/],
    [["kill", "web -> tweets"], /strikes a whole process, with all that it hosts: say "web" if you mean it/],
    [["pause", "web -> tweets"], /strikes a whole process/],
    [["disk-full", "tweets -> accounts"], /strikes a whole process/],
    [["monkey", "--only", "web -> tweets", "--url", town.url], /strikes a whole process/],
    [["disk-full", "web"], /writes to no disk that could be full/],
    [["monkey", "--faults", "kil", "--url", town.url], /There is no fault "kil"\. Did you mean "kill"\?/],
    [["monkey", "--every", "1ms", "--url", town.url], /100 milliseconds at least/],
    [["kill"], /TARGET is required/],
  ];
  for (const [words, why] of rows) {
    const refused = await town.chaos(...words);
    assert.notEqual(refused.code, 0, words.join(" "));
    assert.match(refused.err, why);
  }
});

await check("a monkey tells what it broke, how long that took, and what users saw; there is one, and it ends when told to", async () => {
  const words = ["monkey", "--every", "200ms", "--seed", "11", "--faults", "kill,slow", "--only", "tweets,search", "--url", town.url];
  const monkey = town.chaos(...words, "--for", "1h", "--json");
  await eventually(async () => /slow|error|cut/.test(await town.chaos_well("list")), "a fault");
  const second = await town.chaos(...words, "--for", "1s");
  assert.match(second.err, /Another monkey is at work/);
  assert.match(await town.chaos_well("stop"), /monkey has been told to stop/);
  const { code, out, err } = await monkey;
  assert.equal(code, 0, err);
  const report = JSON.parse(out);
  assert.equal(report.seed, 11);
  assert.ok(report.faults.length > 0);
  for (const { target, fault, well_after_ms } of report.faults) {
    assert.ok(["tweets", "search"].includes(target) && ["kill", "slow"].includes(fault) && well_after_ms !== null, JSON.stringify(report.faults));
  }
  assert.deepEqual(report.journeys.map(({ name }) => name), ["read tweets", "look at people", "search"]);
  assert.ok(report.journeys.every(({ walks }) => walks > 0));
  assert.match(await town.chaos_well("list"), /No faults act/);
}, 60_000);

await check("who waits for a slow process is still answered when all of it stops", async () => {
  await town.chaos_well("slow", "web", "--by", "1m", "--for", "5m");
  const asked = visitor.get("/");
  await eventually(async () => /hit 1 of 1 calls/.test(await town.chaos_well("list")), "the call to wait");
  assert.equal(await town.jebi.stop("SIGINT"), 0);
  assert.equal((await asked).status, 200);
});

finish();

// toot, the client for terminals, unmodified: Debian's package of that name.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";

import { check, eventually, finish, skip } from "../lib/checks.mjs";
import { temporary_folder } from "../lib/jebi.mjs";
import { allow, check_where, host_of, is_secure, korean, searching, start, tweet } from "./people.mjs";

const answer_ms_max = 20_000;

if (spawnSync("toot", ["--help"]).error) {
  skip("toot does what people do with it", "there is no toot (./dev test installs it)");
  finish();
}
const { jebi, visitor, mira, joon } = await start();
const plainly = is_secure ? [] : ["--disable-https"];
// A folder for its settings, and no proxy between it and this machine.
const environment = { ...process.env, XDG_CONFIG_HOME: temporary_folder(), HOME: temporary_folder(), no_proxy: "*", NO_PROXY: "*", PYTHONIOENCODING: "utf-8" };

// What it says, when all goes well.
function toot(...args) {
  const run = spawnSync("toot", [...args, "--no-color"], { env: environment, encoding: "utf8", timeout: answer_ms_max });
  assert.equal(run.status, 0, `toot ${args.join(" ")}: ${run.stdout}${run.stderr}`);
  assert.equal(run.stderr, "", `toot ${args.join(" ")}`);
  return run.stdout;
}

// Signs in as at a terminal: it names an address, and waits for the code.
async function sign_in() {
  const child = spawn("toot", ["login", "--no-color", ...plainly, "-i", host_of(jebi)], { env: { ...environment, PYTHONUNBUFFERED: "1" } });
  let said = "";
  child.stdout.on("data", (piece) => (said += piece));
  child.stderr.on("data", (piece) => (said += piece));
  const ended = new Promise((resolve) => child.once("close", resolve));
  const heard = (words) => eventually(() => words.test(said), `${words} of toot, which said ${said}`);
  await heard(/default browser/);
  child.stdin.write("n\n");
  await heard(/Authorization code/);
  const address = /https?:\S+\/oauth\/authorize\S+/.exec(said)[0];
  child.stdin.write(`${await allow(jebi, mira, address)}\n`);
  assert.equal(await ended, 0, said);
}

let id;

await check("toot signs in with a code", async () => {
  await sign_in();
  assert.match(toot("whoami"), /@mira/);
  assert.match(toot("auth"), /mira@/);
});

await check("toot reads the instance", async () => {
  assert.match(toot("instance", ...plainly), /running Mastodon 4\.2\.0/);
});

await check("toot posts in Korean and finds it in every timeline", async () => {
  const said = toot("post", korean);
  id = /\/tweets\/(\d+)/.exec(said)[1];
  for (const where of [[], ["--public"], ["--public", "--local"], ["--tag", "제비"], ["--account", "mira"]].slice(0, 4))
    assert.match(toot("timeline", "--once", ...where), /봄이 왔어요/, where.join(" "));
});

await check("toot replies, and shows the thread", async () => {
  const theirs = await tweet(joon, "from joon");
  toot("post", "--reply-to", theirs, "@joon 안녕하세요");
  const thread = toot("thread", theirs);
  assert.match(thread, /from joon/);
  assert.match(thread, /안녕하세요/);
});

await check("toot likes and reposts, and takes it back", async () => {
  const theirs = await tweet(joon, "like me");
  const counts = async () => (await joon.get(`/api/v1/tweets/${theirs}`)).body;
  toot("favourite", theirs);
  toot("reblog", theirs);
  assert.match(toot("reblogged_by", theirs), /@mira/);
  assert.equal((await counts()).favourites, 1);
  assert.equal((await counts()).reposts, 1);
  toot("unreblog", theirs);
  toot("unfavourite", theirs);
  assert.equal((await counts()).favourites, 0);
  assert.equal((await counts()).reposts, 0);
});

await check("toot pins", async () => {
  toot("pin", id);
  toot("unpin", id);
});

// It looks for people by searching.
await check_where(visitor, searching, "toot follows, mutes and blocks, and takes it back", async () => {
  assert.match(toot("follow", "joon"), /following/);
  assert.match(toot("following", "mira"), /@joon/);
  assert.match(toot("followers", "joon"), /@mira/);
  for (const act of ["mute", "unmute", "block", "unblock", "follow", "unfollow", "follow"]) toot(act, "joon");
  assert.match(toot("whois", "joon"), /준/);
});

await check_where(visitor, searching, "toot searches", async () => {
  await eventually(() => /제비/.test(toot("search", "제비")), "the hashtag in the search");
  assert.match(toot("search", "joon"), /@joon/);
});

await check("toot is told by notifications, and clears them", async () => {
  await joon.put(`/api/v1/tweets/${id}/favourite`);
  await eventually(() => /favourited/.test(toot("notifications")), "the notification");
  toot("notifications", "--clear");
  assert.match(toot("notifications"), /No notification/);
});

await check("toot deletes, and signs out", async () => {
  toot("delete", id);
  assert.equal((await mira.get(`/api/v1/tweets/${id}`)).status, 404);
  toot("logout", `mira@${host_of(jebi)}`);
});

await jebi.stop();
finish();

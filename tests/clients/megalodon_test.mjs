// megalodon, the client in Whalebird and others, unmodified: https://www.npmjs.com/package/megalodon
import assert from "node:assert/strict";

import { check, eventually, finish } from "../lib/checks.mjs";
import { need, required } from "../lib/packages.mjs";
import { allow, check_where, host_of, korean, searching, start, tweet } from "./people.mjs";

need(["megalodon"], "megalodon does what people do with it");
const { default: generator, detector } = required("megalodon");
const { jebi, visitor, mira, joon } = await start();
const ids = (answer) => answer.data.map((one) => one.id);

let client, own, theirs;

await check("megalodon finds out that this is like Mastodon", async () => {
  assert.equal(await detector(jebi.url), "mastodon");
});

await check("megalodon signs in with a code", async () => {
  const stranger = generator("mastodon", jebi.url);
  const app = await stranger.registerApp("a test", { scopes: ["read", "write", "follow"] });
  const code = await allow(jebi, mira, app.url);
  const token = await stranger.fetchAccessToken(app.client_id, app.client_secret, code);
  client = generator("mastodon", jebi.url, token.access_token);
  own = (await client.verifyAccountCredentials()).data;
  assert.equal(own.acct, "mira");
  assert.equal((await client.verifyAppCredentials()).data.name, "a test");
});

await check("megalodon asks at its start what clients ask", async () => {
  assert.equal((await client.getInstance()).data.uri, host_of(jebi));
  for (const empty of ["getLists", "getFilters", "getBookmarks", "getMutes", "getBlocks", "getInstanceCustomEmojis", "getInstanceAnnouncements", "getFollowRequests"])
    assert.deepEqual((await client[empty]()).data, [], empty);
  assert.equal((await client.getPreferences()).data["posting:default:visibility"], "public");
});

await check("megalodon posts in Korean, replies, likes and reposts", async () => {
  const id = await tweet(joon, "from joon");
  const status = (await client.postStatus(korean)).data;
  assert.equal(status.tags[0].name, "제비");
  const reply = (await client.postStatus("@joon 안녕하세요", { in_reply_to_id: id, visibility: "public" })).data;
  assert.equal(reply.in_reply_to_id, id);
  assert.deepEqual((await client.getStatusContext(id)).data.descendants.map((one) => one.id), [reply.id]);
  assert.equal((await client.favouriteStatus(id)).data.favourited, true);
  assert.equal((await client.reblogStatus(id)).data.reblog.id, id);
  assert.equal((await client.unreblogStatus(id)).data.reblogged, false);
  assert.equal((await client.unfavouriteStatus(id)).data.favourited, false);
});

await check("megalodon follows and reads every timeline", async () => {
  theirs = (await client.lookupAccount("joon")).data;
  assert.equal((await client.followAccount(theirs.id)).data.following, true);
  assert.equal((await client.getRelationships([theirs.id])).data[0].following, true);
  const id = await tweet(joon, "at home #제비");
  await eventually(async () => ids(await client.getHomeTimeline({ limit: 40 })).includes(id), "the tweet at home");
  for (const timeline of [client.getPublicTimeline(), client.getLocalTimeline(), client.getTagTimeline("제비")])
    assert.ok(ids(await timeline).includes(id));
  assert.deepEqual(ids(await client.getAccountFollowing(own.id)), [theirs.id]);
});

await check_where(visitor, searching, "megalodon searches", async () => {
  await eventually(async () => (await client.search("봄이", { type: "statuses", limit: 5 })).data.statuses.length === 1, "the tweet in the search");
  assert.deepEqual(ids(await client.searchAccount("joon", { limit: 5 })), [theirs.id]);
});

await check("megalodon is told by notifications", async () => {
  const status = (await client.postStatus("repost me")).data;
  await joon.put(`/api/v1/tweets/${status.id}/repost`);
  await eventually(async () => (await client.getNotifications({ exclude_types: ["follow"] })).data.some((one) => one.status?.id === status.id), "the notification");
  await client.dismissNotifications();
  assert.deepEqual((await client.getNotifications()).data, []);
});

await check("megalodon streams", async () => {
  const stream = await client.userStreaming();
  const heard = { update: [], delete: [] };
  stream.on("update", (status) => heard.update.push(status.id));
  stream.on("delete", (id) => heard.delete.push(String(id)));
  let id;
  await eventually(async () => {
    if (heard.update.length === 0) id = await tweet(joon, "live");
    return heard.update.includes(id);
  }, "the tweet in the stream");
  await joon.delete(`/api/v1/tweets/${id}`);
  await eventually(() => heard.delete.includes(id), "the deletion in the stream");
  stream.stop();
});

await check("megalodon deletes what it wrote", async () => {
  for (const id of ids(await client.getAccountStatuses(own.id))) await client.deleteStatus(id);
  assert.deepEqual((await client.getAccountStatuses(own.id)).data, []);
});

await jebi.stop();
finish();

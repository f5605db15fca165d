// masto, the client in Elk and Phanpy, unmodified: https://www.npmjs.com/package/masto
import assert from "node:assert/strict";

import { check, eventually, finish } from "../lib/checks.mjs";
import { imported, need, required } from "../lib/packages.mjs";
import { allow, check_where, korean, out_of_band, searching, start, tweet } from "./people.mjs";

need(["masto", "ws"], "masto does what people do with it");
const { createOAuthAPIClient, createRestAPIClient, createStreamingAPIClient } = await imported("masto");
const { jebi, visitor, mira, joon } = await start();
const ids = (list) => list.map((one) => one.id);

let masto, access_token, own, theirs;

await check("masto signs in with a code", async () => {
  const app = await createRestAPIClient({ url: jebi.url }).v1.apps.create({
    clientName: "a test", redirectUris: out_of_band, scopes: "read write follow push", website: "https://example.org/",
  });
  const question = new URLSearchParams({
    response_type: "code", client_id: app.clientId, redirect_uri: out_of_band, scope: "read write follow push",
  });
  const code = await allow(jebi, mira, `${jebi.url}/oauth/authorize?${question}`);
  const token = await createOAuthAPIClient({ url: jebi.url }).token.create({
    grantType: "authorization_code", clientId: app.clientId, clientSecret: app.clientSecret, redirectUri: out_of_band, code,
  });
  access_token = token.accessToken;
  masto = createRestAPIClient({ url: jebi.url, accessToken: access_token });
  own = await masto.v1.accounts.verifyCredentials();
  assert.equal(own.acct, "mira");
  assert.equal(own.displayName, "미라");
});

await check("masto reads the instance, both ways", async () => {
  assert.match((await masto.v1.instance.fetch()).version, /^4\./);
  const instance = await masto.v2.instance.fetch();
  assert.equal(instance.configuration.statuses.maxCharacters, 280);
  assert.equal(instance.configuration.urls.streaming, jebi.url.replace("http", "ws"));
});

await check("masto posts in Korean, edits and reads it again", async () => {
  const status = await masto.v1.statuses.create({ status: korean });
  assert.match(status.content, /^<p>봄이 왔어요 🐦 <a /);
  assert.equal(status.tags[0].name, "제비");
  const edited = await masto.v1.statuses.$select(status.id).update({ status: `${korean} 다시` });
  assert.ok(edited.editedAt);
  assert.equal((await masto.v1.statuses.$select(status.id).source.fetch()).text, `${korean} 다시`);
  assert.deepEqual(ids(await masto.v1.timelines.tag.$select("제비").list()), [status.id]);
});

await check("masto follows, and finds the tweets at home", async () => {
  theirs = await masto.v1.accounts.lookup({ acct: "joon" });
  assert.equal((await masto.v1.accounts.$select(theirs.id).follow()).following, true);
  const [relationship] = await masto.v1.accounts.relationships.fetch({ id: [theirs.id] });
  assert.equal(relationship.following, true);
  const id = await tweet(joon, "from joon");
  await eventually(async () => ids(await masto.v1.timelines.home.list()).includes(id), "the tweet at home");
  assert.ok(ids(await masto.v1.timelines.public.list({ local: true })).includes(id));
  assert.deepEqual(ids(await masto.v1.accounts.$select(own.id).following.list()), [theirs.id]);
});

await check("masto replies, likes and reposts, and takes it back", async () => {
  const [status] = await masto.v1.accounts.$select(theirs.id).statuses.list();
  const reply = await masto.v1.statuses.create({ status: "@joon 안녕하세요", inReplyToId: status.id });
  assert.equal(reply.mentions[0].acct, "joon");
  assert.deepEqual(ids((await masto.v1.statuses.$select(status.id).context.fetch()).descendants), [reply.id]);
  const selected = masto.v1.statuses.$select(status.id);
  assert.equal((await selected.favourite()).favourited, true);
  assert.deepEqual(ids(await masto.v1.favourites.list()), [status.id]);
  assert.equal((await selected.reblog()).reblog.id, status.id);
  assert.deepEqual(ids(await selected.rebloggedBy.list()), [own.id]);
  assert.equal((await selected.unreblog()).reblogged, false);
  assert.equal((await selected.unfavourite()).favourited, false);
});

await check("masto walks a list to its end", async () => {
  for (let i = 0; i < 5; ++i) await tweet(joon, `number ${i}`);
  const walked = [];
  for await (const page of masto.v1.accounts.$select(theirs.id).statuses.list({ limit: 2 })) walked.push(...ids(page));
  assert.equal(walked.length, 6);
  assert.equal(new Set(walked).size, 6);
});

await check_where(visitor, searching, "masto searches", async () => {
  await eventually(async () => {
    const found = await masto.v2.search.list({ q: "봄이 왔어요" });
    return found.statuses.length === 1;
  }, "the tweet in the search");
  assert.deepEqual(ids((await masto.v2.search.list({ q: "joon", type: "accounts" })).accounts), [theirs.id]);
  assert.equal((await masto.v2.search.list({ q: "#제비", type: "hashtags" })).hashtags[0].name, "제비");
});

await check("masto is told by notifications, and clears them", async () => {
  const status = await masto.v1.statuses.create({ status: "like me" });
  await joon.put(`/api/v1/tweets/${status.id}/favourite`);
  await eventually(async () => {
    const all = await masto.v1.notifications.list({ types: ["favourite"] });
    return all.length === 1 && all[0].status.id === status.id && all[0].account.acct === "joon";
  }, "the notification");
  assert.equal((await masto.v1.notifications.unreadCount.fetch()).count > 0, true);
  const [newest] = await masto.v1.notifications.list();
  await masto.v1.markers.create({ notifications: { lastReadId: newest.id } });
  assert.equal((await masto.v1.markers.fetch({ timeline: ["notifications"] })).notifications.lastReadId, newest.id);
  await masto.v1.notifications.clear();
  assert.deepEqual(await masto.v1.notifications.list(), []);
});

await check("masto streams, and sees a deletion", async () => {
  const streaming = createStreamingAPIClient({
    streamingApiUrl: jebi.url.replace("http", "ws"), accessToken: access_token, implementation: required("ws"),
  });
  const events = [];
  const listening = (async () => {
    for await (const event of streaming.user.subscribe()) events.push(event);
  })();
  let id;
  await eventually(async () => {
    if (events.length === 0) id = await tweet(joon, "live");
    return events.some((event) => event.event === "update" && event.payload.account.acct === "joon");
  }, "the tweet in the stream");
  await joon.delete(`/api/v1/tweets/${id}`);
  await eventually(() => events.some((event) => event.event === "delete" && event.payload === id), "the deletion in the stream");
  streaming.close();
  await listening;
});

await check("masto deletes what it wrote", async () => {
  for (const id of ids(await masto.v1.accounts.$select(own.id).statuses.list())) {
    const deleted = await masto.v1.statuses.$select(id).remove();
    assert.ok(deleted.text.length > 0);
  }
  assert.deepEqual(await masto.v1.accounts.$select(own.id).statuses.list(), []);
});

await jebi.stop();
finish();

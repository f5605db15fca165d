// The original, row by row: what each of its addresses did works here, and what was wrong with it does not happen. A
// test for each row of the list of parity, over HTTP, as a browser without script asks.
import assert from "node:assert/strict";

import { Api, password_of } from "../lib/api.mjs";
import { check, eventually, finish } from "../lib/checks.mjs";
import { FakeGitHub, octocat } from "../lib/fake_github.mjs";
import { tags_of, unescaped } from "../lib/html.mjs";
import { Jebi } from "../lib/jebi.mjs";
import { Pages } from "../lib/pages.mjs";
import { ScriptedLog } from "../logs/scripted_log.mjs";

const github = await FakeGitHub.start();
const jebi = await Jebi.start({ environment: github.environment() });
const api = new Api(jebi.url);
const visitor = new Pages(jebi.url);

class Person {
  static async make(name) {
    const person = new Person();
    person.name = name;
    person.api = await api.sign_up(name);
    person.pages = new Pages(jebi.url, person.api.token);
    person.id = (await api.get(`/api/v1/users/${name}`)).body.id;
    return person;
  }

  get(path) { return this.pages.get(path); }
  // The new tweet's id; its text makes it known again.
  async write(text) {
    led(await this.pages.post("/tweets", { text }));
    return (await this.api.get(`/api/v1/tweets?author=${this.name}`)).body.tweets.find((tweet) => tweet.text === text).id;
  }
  async reply(id, text) {
    return /#t(\d+)$/.exec(led(await this.pages.post(`/tweets/${id}/comments`, { text })))[1];
  }
}

const minji = await Person.make("minji");
const daniel = await Person.make("daniel");
const haerin = await Person.make("haerin");

// Where a form that was accepted leads.
function led(answer) {
  assert.equal(answer.status, 303, answer.body);
  return answer.fields.get("location");
}
function page({ status, body }) {
  assert.equal(status, 200, body);
  return body;
}
const inputs = (html) => tags_of(html).map(({ attributes }) => Object.fromEntries(attributes).name).filter(Boolean);
const links = (html) => tags_of(html).map(({ attributes }) => Object.fromEntries(attributes).href).filter(Boolean);
const tweets_in = (html) => [...html.matchAll(/<article class="tweet" id="t(\d+)"/g)].map(([, id]) => id);
const text_of = (html) => unescaped(html.replace(/<[^>]*>/g, " ")).replace(/\s+/g, " ");
// The address of what is older, as the page's own link says.
function older(html) {
  const next = tags_of(html).map(({ attributes }) => Object.fromEntries(attributes)).find(({ rel }) => rel === "next");
  return next?.href ?? null;
}
// Does a notification begin with what that person did?
const tells_of = (html, name) => new RegExp(`class="saying" href="/users/${name}"`).test(html);
const people_in = (html) => [...new Set([...html.matchAll(/<a class="name" href="\/users\/([a-z0-9_]+)"/g)].map(([, name]) => name))];
const signs_in = (answer) => led(answer).startsWith("/login");

await check("1 GET /login: a form, the button of GitHub, and counters", async () => {
  const html = page(await visitor.get("/login"));
  assert.ok(inputs(html).includes("username_or_email") && inputs(html).includes("password"));
  assert.ok(links(html).includes("/auth/github") && links(html).includes("/signup"));
  const counts = [...html.matchAll(/<dt>[^<]+<\/dt><dd>([\d,]+)<\/dd>/g)].map(([, count]) => Number(count));
  assert.deepEqual(counts, [3, 0]);
});

await check("2 GET /signup: there is a form", async () => {
  const named = inputs(page(await visitor.get("/signup")));
  for (const name of ["username", "email", "password"]) assert.ok(named.includes(name), name);
});

await check("3 GET /logout: asks only; the form ends the session", async () => {
  const browser = new Pages(jebi.url, (await api.post("/api/v1/sessions", { username: "minji", password: password_of("minji") })).body.token);
  const session = browser.cookies.get("jebi");
  page(await browser.get("/logout"));
  page(await browser.get("/settings"));
  assert.equal((await browser.send("POST", "/logout", {})).status, 403);
  assert.equal(led(await browser.post("/logout")), "/login");
  assert.ok(signs_in(await new Pages(jebi.url, session).get("/settings")));
});

await check("4 GET /auth/github and its callback: state, PKCE, and the same account by its number", async () => {
  const browser = new Pages(jebi.url);
  const authorize = new URL(led(await browser.get("/auth/github")));
  assert.equal(authorize.searchParams.get("code_challenge_method"), "S256");
  assert.ok(authorize.searchParams.get("state").length >= 20);
  const back = new URL((await fetch(authorize, { redirect: "manual" })).headers.get("location"));
  const forged = new Pages(jebi.url);
  assert.notEqual((await forged.get(back.pathname + back.search)).status, 303, "another browser's state opens nothing");
  led(await browser.get(back.pathname + back.search));
  page(await browser.get("/settings"));
  assert.equal((await api.get(`/api/v1/users/${octocat.login}`)).status, 200);
});

await check("5 POST /users: anybody signs up, once under each name, and is signed in", async () => {
  const form = { username: "newcomer", email: "newcomer@example.org", password: password_of("newcomer") };
  const browser = new Pages(jebi.url);
  assert.equal(led(await browser.post("/users", form)), "/");
  page(await browser.get("/settings"));
  const again = await new Pages(jebi.url).post("/users", { ...form, email: "other@example.org" });
  assert.equal(again.status, 409);
  assert.ok(!again.body.includes(form.password));
  assert.equal((await new Pages(jebi.url).post("/users", { ...form, username: "b", email: "no address" })).status, 422);
});

await check("6 POST /users/sessions: in by user name or by e-mail, and never with a wrong password", async () => {
  for (const form of [{ username_or_email: "minji" }, { username_or_email: "minji@example.org" }, { email: "minji@example.org" }]) {
    const browser = new Pages(jebi.url);
    led(await browser.post("/users/sessions", { ...form, password: password_of("minji") }));
    page(await browser.get("/settings"));
  }
  const wrong = await new Pages(jebi.url).post("/users/sessions", { email: "haerin@example.org", password: "wrong" });
  assert.ok(wrong.status >= 400 && wrong.status < 500, `${wrong.status}`);
});

await check("7 GET / and /tweets: home is of those one follows, /tweets of everybody", async () => {
  led(await minji.pages.post("/users/daniel/follow"));
  const followed = await daniel.write("of somebody who is followed");
  const stranger = await haerin.write("of a stranger");
  await eventually(async () => tweets_in(page(await minji.get("/"))).includes(followed), "the tweet at home");
  assert.ok(!tweets_in(page(await minji.get("/"))).includes(stranger));
  const everybody = tweets_in(page(await visitor.get("/tweets")));
  assert.ok(everybody.includes(followed) && everybody.includes(stranger));
  page(await visitor.get("/"));
});

await check("8 POST /tweets: the text is taken, and nothing else that a form may carry", async () => {
  const text = "mass assignment";
  led(await minji.pages.post("/tweets", { text, user: daniel.id, author_id: daniel.id, id: "7", favoritesCount: "99", createdAt: "1999-01-01" }));
  const [tweet] = (await api.get("/api/v1/tweets?author=minji")).body.tweets;
  assert.equal(tweet.text, text);
  assert.notEqual(tweet.id, "7");
  assert.equal(tweet.favourites, 0);
  assert.ok(Date.parse(tweet.created_at) > Date.now() - 600_000);
  assert.ok(signs_in(await new Pages(jebi.url).post("/tweets", { text })));
  assert.equal((await minji.pages.post("/tweets", { text: "가".repeat(141) })).status, 422);
});

await check("9 POST /tweets/:id: the author edits, hashtags follow the text, and it says so", async () => {
  const id = await minji.write("before #erst");
  led(await minji.pages.post(`/tweets/${id}`, { text: "after #dann" }));
  assert.ok(tweets_in(page(await visitor.get("/tweets/hashtag/dann"))).includes(id));
  assert.ok(!tweets_in(page(await visitor.get("/tweets/hashtag/erst"))).includes(id));
  assert.ok((await api.get(`/api/v1/tweets/${id}`)).body.edited_at);
  assert.equal((await daniel.pages.post(`/tweets/${id}`, { text: "not mine" })).status, 403);
  assert.equal((await api.get(`/api/v1/tweets/${id}`)).body.text, "after #dann");
});

await check("10 DELETE /tweets/:id: gone everywhere, and what answered it stays to be read", async () => {
  const id = await minji.write("to be deleted");
  const repost = await minji.write("to be deleted as a form does");
  const reply = await daniel.reply(id, "an answer that stays");
  led(await daniel.pages.post(`/tweets/${repost}/reposts`));
  assert.equal((await daniel.pages.submit("DELETE", `/tweets/${id}`)).status, 403);
  led(await minji.pages.submit("DELETE", `/tweets/${id}`));
  led(await minji.pages.post(`/tweets/${repost}`, { _method: "DELETE" }));
  assert.equal((await api.get(`/api/v1/tweets/${id}`)).status, 404);
  assert.ok(!page(await visitor.get("/users/minji")).includes("to be deleted"));
  assert.ok(!page(await visitor.get("/users/daniel")).includes("to be deleted"));
  assert.ok(page(await visitor.get(`/tweets/${reply}`)).includes("an answer that stays"));
});

await check("11 GET /tweets/:id, /tweets/new and /tweets/:id/edit: a page of its own, for visitors too", async () => {
  const id = await minji.write("a page of its own");
  assert.ok(page(await visitor.get(`/tweets/${id}`)).includes("a page of its own"));
  assert.ok(inputs(page(await minji.get("/tweets/new"))).includes("text"));
  assert.ok(page(await minji.get(`/tweets/${id}/edit`)).includes("a page of its own"));
  assert.ok(signs_in(await visitor.get("/tweets/new")));
  assert.equal((await visitor.get("/tweets/1")).status, 404);
});

await check("12 GET /tweets/hashtag/:tag: in every script, and every link leads there", async () => {
  const id = await minji.write("오늘의 #제비 #Swallow #café");
  const html = page(await visitor.get(`/tweets/${id}`));
  for (const tag of ["제비", "Swallow", "café"]) {
    const address = `/tweets/hashtag/${encodeURIComponent(tag)}`;
    assert.ok(links(html).includes(address), address);
    assert.ok(tweets_in(page(await visitor.get(address))).includes(id), tag);
  }
  assert.ok(tweets_in(page(await visitor.get("/tweets/hashtag/sWALLOW"))).includes(id));
});

await check("13 GET and POST /tweets/:id/comments: only the form adds an answer, and its author hears of it", async () => {
  const id = await minji.write("what do you say?");
  const count = async () => (await api.get(`/api/v1/tweets/${id}`)).body.replies;
  await minji.get(`/tweets/${id}/comments?text=by+address`);
  assert.equal(await count(), 0);
  assert.equal((await daniel.pages.post(`/tweets/${id}/comments`, { text: "가".repeat(141) })).status, 422);
  await daniel.reply(id, "I say this");
  assert.equal(await count(), 1);
  assert.ok(page(await visitor.get(`/tweets/${id}`)).includes("I say this"));
  await eventually(async () => page(await minji.get("/notifications")).includes("I say this"), "the notification");
});

await check("14 DELETE /tweets/:id/comments: is for who answered and who was answered, and nobody else", async () => {
  const id = await minji.write("answers come and go");
  const reply = await daniel.reply(id, "a short answer");
  const unwelcome = await haerin.reply(id, "an unwelcome answer");
  assert.equal((await haerin.pages.submit("DELETE", `/tweets/${reply}`)).status, 403);
  led(await daniel.pages.submit("DELETE", `/tweets/${id}/comments`, { comment: reply }));
  led(await minji.pages.submit("DELETE", `/tweets/${id}/comments`, { comment: unwelcome }));
  for (const gone of [reply, unwelcome]) assert.equal((await api.get(`/api/v1/tweets/${gone}`)).status, 404);
  assert.equal((await api.get(`/api/v1/tweets/${id}`)).body.replies, 0);
});

await check("15 POST and DELETE /tweets/:id/favorites: one sets, the other unsets, twice as once", async () => {
  const id = await minji.write("to be liked");
  const count = async () => (await api.get(`/api/v1/tweets/${id}`)).body.favourites;
  for (const [method, expected] of [["DELETE", 0], ["POST", 1], ["POST", 1], ["DELETE", 0], ["DELETE", 0]]) {
    led(await daniel.pages.submit(method, `/tweets/${id}/favorites`));
    assert.equal(await count(), expected, method);
  }
  led(await daniel.pages.post(`/tweets/${id}/favorites`));
  assert.ok(links(page(await visitor.get(`/tweets/${id}/favorites`))).includes("/users/daniel"));
});

await check("16 GET /users/:userId: a profile for everybody, and its list goes on to the first tweet", async () => {
  const ids = [];
  for (let number = 1; number <= 43; ++number) ids.push(await haerin.write(`number ${number}`));
  const seen = [];
  for (let path = "/users/haerin", pages = 0; path && pages < 20; ++pages) {
    const html = page(await visitor.get(path));
    seen.push(...tweets_in(html));
    path = older(html);
  }
  assert.deepEqual(seen.filter((id) => ids.includes(id)), [...ids].reverse());
  assert.ok(links(page(await haerin.get("/users/haerin"))).includes("/settings"));
  assert.equal((await visitor.get("/users/nobody_at_all")).status, 404);
});

await check("17 GET /users/:userId/followers and /following: in pages", async () => {
  const names = [...Array.from({ length: 39 }, (_, number) => `fan${number}`), "daniel", "minji"];
  for (const name of names) {
    const fan = { daniel, minji }[name]?.api ?? (await api.sign_up(name));
    assert.equal((await fan.put("/api/v1/users/haerin/follow")).status, 200);
  }
  const seen = new Set();
  let pages = 0;
  for (let path = "/users/haerin/followers"; path && pages < 20; ++pages) {
    const html = page(await visitor.get(path));
    for (const link of links(html)) if (names.includes(link.slice(7))) seen.add(link.slice(7));
    path = older(html);
  }
  assert.ok(pages > 1, "one page holds them all");
  assert.deepEqual([...seen].sort(), [...names].sort());
  assert.ok(links(page(await visitor.get("/users/minji/following"))).includes("/users/daniel"));
});

await check("18 POST /users/:userId/follow: sets and unsets, both lists agree, and the other one hears of it", async () => {
  const count = async () => (await api.get("/api/v1/accounts/lookup?acct=minji")).body.followers_count;
  const before = await count();
  for (const [method, more] of [["POST", 1], ["POST", 1], ["DELETE", 0], ["DELETE", 0], ["POST", 1]]) {
    led(await haerin.pages.submit(method, "/users/minji/follow"));
    assert.equal(await count(), before + more, method);
    const follows = links(page(await visitor.get("/users/haerin/following"))).includes("/users/minji");
    const followed = links(page(await visitor.get("/users/minji/followers"))).includes("/users/haerin");
    assert.deepEqual([follows, followed], [more === 1, more === 1]);
  }
  await eventually(async () => tells_of(page(await minji.get("/notifications")), "haerin"), "the notification");
  assert.ok(!tells_of(page(await haerin.get("/notifications")), "haerin"));
  assert.notEqual((await haerin.pages.post("/users/haerin/follow")).status, 303);
});

await check("19 POST /users/:userId/delete: only oneself, after the password, and everything goes", async () => {
  const leaver = await Person.make("leaver");
  const id = await leaver.write("will not stay");
  led(await leaver.pages.post("/users/minji/follow"));
  await leaver.api.post("/api/v1/messages/daniel", { text: "farewell" });
  assert.equal((await daniel.pages.post("/users/leaver/delete", { password: password_of("daniel") })).status, 403);
  assert.equal((await leaver.pages.post("/settings/delete", { password: "wrong" })).status, 422);
  page(await visitor.get("/users/leaver"));
  const other_session = new Pages(jebi.url, leaver.api.token);
  led(await leaver.pages.post("/settings/delete", { password: password_of("leaver") }));
  assert.ok(signs_in(await other_session.get("/settings")));
  assert.equal((await visitor.get("/users/leaver")).status, 404);
  await eventually(async () => (await api.get(`/api/v1/tweets/${id}`)).status === 404, "the tweet's end");
  await eventually(async () => !page(await visitor.get("/users/minji/followers")).includes("leaver"), "the follow's end");
  await eventually(async () => !page(await daniel.get("/messages")).includes("farewell"), "the conversation's end");
});

await check("20 GET /userslist: five a page from the first one on, nobody left out", async () => {
  const total = (await api.get("/api/v1/users?limit=1")).body.total;
  const seen = [];
  for (let number = 1; number <= Math.ceil(total / 5); ++number) {
    const people = people_in(page(await visitor.get(`/userslist?page=${number}`)));
    assert.ok(people.length <= 5, `${people.length} on page ${number}`);
    seen.push(...people);
  }
  assert.equal(new Set(seen).size, total);
  assert.equal(seen.length, total);
  assert.deepEqual(people_in(page(await visitor.get("/userslist"))), seen.slice(0, 5));
});

await check("21 GET /chat: whom to write to", async () => {
  assert.equal(led(await minji.get("/chat")), "/messages");
  assert.ok(inputs(page(await minji.get("/messages"))).includes("to"));
  assert.equal(led(await minji.get("/messages?to=haerin")), "/messages/haerin");
});

await check("22 GET /chat/get/:userid: one's own inbox and nobody else's", async () => {
  led(await minji.pages.post("/messages/daniel", { text: "between the two of us" }));
  assert.ok(page(await daniel.get("/messages")).includes("between the two of us"));
  for (const path of ["/messages", "/messages/minji", "/messages/daniel"]) {
    assert.ok(!page(await haerin.get(path)).includes("between the two of us"), path);
    assert.ok(signs_in(await visitor.get(path)), path);
  }
});

await check("23 GET /chat/:id: the conversation, in its order", async () => {
  led(await minji.pages.post("/messages/daniel", { text: "first words" }));
  led(await daniel.pages.post("/messages/minji", { text: "second words" }));
  for (const [who, other] of [[minji, "daniel"], [daniel, "minji"]]) {
    const html = page(await who.get(`/messages/${other}`));
    assert.ok(html.indexOf("first words") > 0 && html.indexOf("first words") < html.indexOf("second words"), who.name);
  }
});

await check("24 POST /chats: a message to one person, up to 1,000 characters, and none to who keeps one away", async () => {
  led(await minji.pages.post("/messages/haerin", { text: "가".repeat(1000) }));
  assert.equal((await minji.pages.post("/messages/haerin", { text: "가".repeat(1001) })).status, 422);
  assert.equal((await minji.pages.post("/messages/nobody_at_all", { text: "hello?" })).status, 404);
  led(await haerin.pages.post("/users/minji/block"));
  assert.notEqual((await minji.pages.post("/messages/haerin", { text: "and now?" })).status, 303);
  led(await haerin.pages.submit("DELETE", "/users/minji/block"));
});

await check("25 GET /activities: one's own only, in pages, and no word of messages", async () => {
  assert.equal(led(await minji.get("/activities")), "/notifications");
  assert.ok(signs_in(await visitor.get("/notifications")));
  const html = page(await haerin.get("/notifications"));
  assert.ok(tells_of(html, "fan38"));
  assert.ok(!tells_of(page(await daniel.get("/notifications")), "fan38"));
  assert.ok(!text_of(html).includes("between the two of us"));
  const told = new Set();
  for (let path = "/notifications", pages = 0; path && pages < 20; ++pages) {
    const some = page(await haerin.get(path));
    for (const link of links(some)) if (link.startsWith("/users/fan")) told.add(link);
    path = older(some);
  }
  assert.equal(told.size, 39);
});

const log = await ScriptedLog.start();
const watched = await Jebi.start({ environment: { JEBI_LOG_ANALYTICS_URL: log.url } });

await check("26 GET /analytics: a page that asks log-analytics", async () => {
  page(await new Pages(watched.url).get("/analytics"));
  assert.ok(log.requests.some(({ url }) => url.startsWith("/query")));
});

await check("27 GET *: a line for every request, with where it came from and how it went", async () => {
  const browser = new Pages(watched.url);
  for (let visit = 0; visit < 3; ++visit) page(await browser.get("/tweets"));
  const lines = () => log.distinct().filter(({ originalUrl }) => originalUrl === "/tweets");
  await eventually(() => lines().length === 3, "three lines for three visits");
  for (const { ip, status } of lines()) assert.deepEqual([ip, status], ["127.0.0.1", 200]);
});

await watched.stop();
await log.close();

await check("28 GET /apiv1/tweets and /apiv1/users: 15 a page, and no secret in it", async () => {
  for (const path of ["/apiv1/tweets", "/apiv1/users"]) {
    const first = (await api.get(path)).body;
    const second = (await api.get(`${path}?page=2`)).body;
    assert.equal(first.length, 15);
    assert.ok(second.length > 0 && !second.some(({ _id }) => first.some((other) => other._id === _id)), path);
    assert.doesNotMatch(JSON.stringify([first, second]), /hash|salt|password|e-?mail|@example/i);
  }
});

await check("29 the pages of 404 and 500: a plain word, and nothing of the inside", async () => {
  for (const path of ["/nowhere", "/tweets/not_a_number", "/users/%00", "/tweets/hashtag/%FF"]) {
    const { status, body } = await visitor.get(path);
    assert.ok(status === 404 || status === 400, `${path}: ${status}`);
    assert.doesNotMatch(body, /\.cpp|\.h:|terminate|exception|SELECT|sqlite/i, path);
  }
});

await jebi.stop();
github.server.close();
finish();

// Requests that nobody sends by accident: forms of other sites, redirects to them, members that are not one's to set, ids of
// others and of nobody, cursors made up. Every route is taken from the program's own tables (world.mjs).
import assert from "node:assert/strict";

import { check, finish } from "../lib/checks.mjs";
import { set_cookies } from "../lib/cookies.mjs";
import { Pages } from "../lib/pages.mjs";
import { World, names, secrets, words_of } from "./world.mjs";

const world = await World.make();
const forms = world.pages.filter(({ method }) => method !== "GET");
const filled = { text: "forged", display_name: "Forged", bio: "forged", link: "", theme: "dark", language: "en", reply_to: world.tweet_of_owner };
let before = await world.snapshot();

async function unchanged(what) {
  const known = before;
  before = await world.snapshot();
  assert.equal(before, known, `${what} has changed what is the owner's`);
}

// ---- Forms of other sites ----

// {what: [the token, the request's fields]} of requests that our own pages never send.
async function forgeries(browser) {
  const token = await browser.csrf();
  const of_another = await world.browser("another").csrf(), of_a_visitor = await world.browser("visitor").csrf();
  return {
    "no token": [undefined, {}],
    "an empty token": ["", {}],
    "a token that is none": ["AAAA", {}],
    "a token of the right length": ["A".repeat(token.length), {}],
    "a token with a letter changed": [token.slice(0, -3) + (token.at(-3) === "A" ? "B" : "A") + token.slice(-2), {}],
    "somebody else's token": [of_another, {}],
    "a visitor's token": [of_a_visitor, {}],
    "another site's origin": [token, { Origin: "https://evil.example" }],
    "a hidden origin": [token, { Origin: "null" }],
    "an origin that begins like ours": [token, { Origin: `${world.jebi.url}.evil.example` }],
    "our host at another port": [token, { Origin: world.jebi.url.replace(/\d+$/, "1") }],
    "a request that the browser calls cross-site": [token, { "Sec-Fetch-Site": "cross-site" }],
    "a request of a sister site": [token, { "Sec-Fetch-Site": "same-site" }],
    "a token in a header that is none": [undefined, { "X-CSRF-Token": "AAAA" }],
  };
}

// What takes no form at all, whoever sends it: it is asked for by programs, and changes nothing.
const takes_no_form = "POST /grpc.health.v1.Health/Check";

for (const { id, method, pattern } of forms) {
  await check(`${id} takes no form of another site`, async () => {
    const browser = world.browser("owner");
    for (const [what, [csrf, fields]] of Object.entries(await forgeries(browser))) {
      const form = csrf === undefined ? filled : { ...filled, csrf };
      const path = world.path(pattern, "another");
      for (const more of [{}, { _method: "DELETE" }]) {
        const answer = await browser.send(method, path, { ...form, ...more }, fields);
        assert.equal(answer.status, id === takes_no_form ? 415 : 403, `${what}: ${answer.status} ${answer.fields.get("location") ?? ""}`);
      }
    }
    await unchanged(id);
  });
}

await check("the token of our own page, with our own origin, is what makes the difference", async () => {
  const browser = world.browser("owner");
  const fields = { Origin: world.jebi.url, "Sec-Fetch-Site": "same-origin" };
  assert.equal((await browser.post("/settings/look", { theme: "dark", language: "en" }, fields)).status, 303);
  const written = await browser.post("/tweets", { text: "really mine" }, fields);
  assert.equal(written.status, 303);
  before = await world.snapshot();
  assert.ok(before.includes("really mine"));
  assert.ok(forms.length >= 12, `only ${forms.length} forms`);
});

await check("no page is framed, and no cookie goes along with another site's form", async () => {
  const browser = world.browser("owner");
  for (const { pattern } of world.pages.filter(({ method }) => method === "GET")) {
    const { fields } = await browser.get(world.path(pattern, "another"));
    assert.match(fields.get("content-security-policy"), /frame-ancestors 'none'/, pattern);
    for (const cookie of set_cookies(fields)) assert.match(cookie, /; SameSite=(Lax|Strict)/, `${pattern}: ${cookie}`);
  }
});

// ---- Redirects ----

const elsewhere = [
  "https://evil.example/", "http://evil.example", "//evil.example", "///evil.example", "////evil.example/..", "/\\evil.example", "\\\\evil.example",
  "/\\/evil.example", "/%2f/evil.example", "/%5cevil.example", "https:evil.example", "https:/evil.example", "/\tevil.example", "/\t/evil.example",
  "\t//evil.example", " //evil.example", "\u0001//evil.example", "/\r\n/evil.example", "/a\r\nLocation: https://evil.example", "javascript:xss()",
  "data:text/html,x", "@evil.example", "/@evil.example/../..//evil.example", "//evil.example@127.0.0.1", "http://127.0.0.1@evil.example", "。evil.example",
  "/／evil.example", "//evil。example", "?https://evil.example", "#@evil.example", "%2f%2fevil.example", "/login?next=//evil.example",
];
const names_of_targets = ["next", "redirect", "redirect_uri", "redirect_to", "return_to", "returnTo", "url", "target", "continue", "back", "goto", "dest"];

// Where a browser goes, which leaves out tabs and line ends and takes a backslash for a slash.
function stays_here(answer, what) {
  const location = answer.fields.get("location");
  if (location === null) return;
  assert.ok(/^\/(?![/\\])/.test(location), `${what} leads to ${location}`);
  assert.equal(new URL(location, world.jebi.url).origin, world.jebi.url, `${what} leads to ${location}`);
  assert.equal(answer.fields.get("x-injected"), null);
}

await check("no page's query and no path leads to another site", async () => {
  for (const browser of [world.browser("visitor"), world.browser("owner")]) {
    for (const target of elsewhere) {
      const query = names_of_targets.map((name) => `${name}=${encodeURIComponent(target)}`).join("&");
      for (const { pattern } of world.pages.filter(({ method }) => method === "GET")) {
        stays_here(await browser.get(`${world.path(pattern, "another")}?${query}`), `${pattern} with ${JSON.stringify(target)}`);
        const in_path = pattern.replace(/\{[a-z_]+\}/g, encodeURIComponent(target));
        stays_here(await browser.get(in_path), `${pattern} of ${JSON.stringify(target)}`);
      }
      if (/^[\x21-\x7e]+$/.test(target) && target.startsWith("/")) stays_here(await browser.get(target), target);
    }
  }
}, 120_000);

await check("no form leads to another site: signing in, writing, following", async () => {
  const owner = world.browser("owner");
  for (const target of elsewhere) {
    const more = Object.fromEntries(names_of_targets.map((name) => [name, target]));
    const visitor = new Pages(world.jebi.url);
    const signed_in = await visitor.post("/users/sessions", {
      username_or_email: names.confidant, password: `a long sentence for ${names.confidant}, easy to keep`, ...more,
    });
    assert.equal(signed_in.status, 303);
    stays_here(signed_in, `signing in with ${JSON.stringify(target)}`);
    for (const { id, method, pattern } of forms.filter(({ pattern }) => !/logout|delete|end|session|password/.test(pattern))) {
      const fields = /^[\x21-\x7e]+$/.test(target) ? { Referer: target } : {};
      stays_here(await owner.submit(method, world.path(pattern, "owner"), { ...filled, ...more }, fields), `${id} with ${JSON.stringify(target)}`);
    }
  }
  before = await world.snapshot();
}, 300_000);

await check("what nobody asked a proxy to say about the host gets into no answer", async () => {
  const { fields } = await world.visitor.get("/login?next=%2Fsettings", { "X-Forwarded-Host": "evil.example", "X-Original-URL": "//evil.example" });
  assert.ok(![...fields.values()].some((value) => value.includes("evil.example")));
});

// ---- Members that are not one's to set ----

const not_ones_own = {
  id: "1", _id: "1", user_id: "1", author_id: "1", author: names.another, from_id: "1", to_id: "1", from: names.another, mine: false,
  created_at: "2001-01-01T00:00:00.000Z", created_ms: 1, edited_at: "2001-01-01T00:00:00.000Z", edited_ms: 1, deleted: true, read: true, pinned: true,
  favourites: 1_000_000, reposts: 1_000_000, replies: 1_000_000, followers: 1_000_000, followers_count: 1_000_000, favourited: true, reposted: true,
  role: "admin", roles: ["admin"], admin: true, is_admin: true, verified: true, confirmed: true, scopes: "admin", token: "mine", password_hash: "x",
  username_or_email: names.another, repost_of_id: "1", reposted_by: names.another, state: 1, "__proto__": { admin: true }, constructor: { prototype: { admin: true } },
};

const plain = (object) => JSON.parse(JSON.stringify(object, (name, value) => (["id", "created_at", "token", "username", "display_name"].includes(name) ? "*" : value)));
const about_now = (iso) => Math.abs(Date.parse(iso) - Date.now()) < 60_000;

await check("signing up sets no more than it says", async () => {
  const person = (username) => ({ username, email: `${username}@example.org`, password: "a long sentence, easy to keep" });
  const usual = (await world.visitor.post("/api/v1/users", person("usual"))).body;
  const greedy = await world.visitor.post("/api/v1/users", { ...not_ones_own, ...person("greedy") });
  assert.equal(greedy.status, 201, JSON.stringify(greedy.body));
  assert.deepEqual(plain(greedy.body), plain(usual));
  assert.notEqual(greedy.body.id, "1");
  assert.notEqual(greedy.body.token, "mine");
  assert.ok(about_now(greedy.body.created_at));
  assert.deepEqual(plain((await world.visitor.get("/api/v1/users/greedy")).body), plain((await world.visitor.get("/api/v1/users/usual")).body));
});

await check("writing and editing set the text alone", async () => {
  const usual = (await world.another.post("/api/v1/tweets", { text: "greedy" })).body;
  const greedy = (await world.another.post("/api/v1/tweets", { ...not_ones_own, text: "greedy" })).body;
  assert.deepEqual(plain(greedy), plain(usual));
  assert.equal(greedy.author.username, names.another);
  assert.ok(about_now(greedy.created_at) && greedy.id !== "1");
  const edited = (await world.another.put(`/api/v1/tweets/${greedy.id}`, { ...not_ones_own, text: "greedier" })).body;
  assert.deepEqual({ ...edited, edited_at: null }, { ...greedy, text: "greedier" });
  assert.ok(about_now(edited.edited_at));
});

await check("a profile takes three members, and a message its text", async () => {
  const profile = { display_name: "Daniel", bio: "b", link: "" };
  const shown = (await world.another.put("/api/v1/profile", { ...not_ones_own, ...profile, username: "stolen", email: "x@example.org", avatar: "x" })).body;
  const before_it = (await world.visitor.get(`/api/v1/users/${names.another}`)).body;
  assert.deepEqual(shown, before_it);
  assert.equal(shown.username, names.another);
  assert.equal(shown.avatar, null);
  const message = (await world.another.post(`/api/v1/messages/${names.confidant}`, { ...not_ones_own, text: "hi", from_id: "1" })).body;
  assert.deepEqual([message.mine, message.text, message.read], [true, "hi", false]);
  assert.ok(about_now(message.created_at));
});

await check("forms set no more than they say either", async () => {
  const browser = world.browser("another");
  await browser.post("/settings/profile", { ...not_ones_own, display_name: "Daniel", bio: "b", link: "", username: "stolen", email: "stolen@example.org" });
  assert.equal((await world.visitor.get(`/api/v1/users/${names.another}`)).body.display_name, "Daniel");
  assert.equal((await world.visitor.get("/api/v1/users/stolen")).status, 404);
  await browser.post("/tweets", { ...not_ones_own, text: "a greedy form" });
  const newest = (await world.visitor.get(`/api/v1/tweets?author=${names.another}&limit=1`)).body.tweets[0];
  assert.deepEqual([newest.text, newest.favourites, newest.author.username], ["a greedy form", 0, names.another]);
});

await check("the same name twice, or of another type, is refused or taken once", async () => {
  for (const body of ['{"text":"one","text":"two"}', '{"text":["a"]}', '{"text":{"a":1}}', '{"text":true}', '{"text":null}', "[]", '"text"', "1", "null"]) {
    const { status } = await world.another.post("/api/v1/tweets", body);
    assert.ok(status === 400 || (status === 201 && body.includes('"two"')), `${status} for ${body}`);
  }
  const deep = `${'{"text":'.repeat(2_000)}1${"}".repeat(2_000)}`;
  assert.equal((await world.another.post("/api/v1/tweets", deep)).status, 400);
});

// ---- Ids of others, and of nobody ----

const odd_ids = [
  "0", "-1", "1", "00", "01", "+1", "1.0", "1e3", "0x10", "9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551616",
  "9".repeat(400), "１", "١", "%00", "%FF", "%C0%80", "null", "undefined", "NaN", "%20", "1%20", "..%2f..", "1%3B%20DROP%20TABLE", "'%20OR%201=1--",
  "%F0%9F%90%A6", "a".repeat(2_000),
];

const with_a_name = [...world.operations, ...world.pages].filter(({ pattern }) => pattern.includes("{"));

for (const { id, method, pattern } of with_a_name) {
  await check(`${id} answers odd ids like ids of nothing`, async () => {
    const browser = world.browser("another");
    const is_page = world.pages.some((page) => page.id === id);
    for (const odd of odd_ids) {
      const path = pattern.replace(/\{[a-z_]+\}/g, odd);
      const answer = await (!is_page ? world.another.ask(method, path, method === "GET" ? undefined : { text: "x", id: "1" })
        : method === "GET" ? browser.get(path) : browser.send(method, path, { ...filled, csrf: await browser.csrf() }));
      assert.ok(answer.status < 500, `${odd}: ${answer.status}`);
      if (pattern.endsWith("/dismiss")) continue; // what is not there is dismissed already
      // Whatever a hashtag is called, it has a list, and what everybody has none of is an empty one.
      const is_list = method === "GET" && (pattern.includes("tag}") || answer.body.length === 0);
      assert.ok(is_list || answer.status >= 300, `${odd}: ${answer.status} ${JSON.stringify(answer.body).slice(0, 200)}`);
    }
    await unchanged(id);
  }, 60_000);
}

await check("what is one's own by id alone is not another's to read, end, mark or take away", async () => {
  const { another } = world;
  assert.equal((await another.delete(`/api/v1/sessions/${world.session_id}`)).status, 404);
  await another.delete(`/api/v1/messages/${names.owner}?id=${world.message_id}`);
  await another.delete(`/api/v1/messages/${names.confidant}?id=${world.message_id}`);
  await another.put(`/api/v1/messages/${names.owner}/read`, { id: world.message_id });
  for (const path of [`/api/v1/messages/${names.owner}`, `/api/v1/messages/${names.confidant}`, "/api/v1/messages"]) {
    assert.ok(!JSON.stringify((await another.get(path)).body).includes(secrets[1]), path);
  }
  assert.equal((await another.get(`/api/v1/tweets/${world.message_id}`)).status, 404, "a message by the address of a tweet");
  await unchanged("another");
});

// ---- Cursors made up ----

const cursors = [
  ...["0", "1", "9223372036854775807", "9223372036854775808", "18446744073709551616", "-1", "+1", "1.5", "1e9", "abc", "null", "１２", "' OR 1=1--", "1;2",
    "%00", "9".repeat(5_000), ""].map(encodeURIComponent),
  "%FF", "1&cursor=2", "1%261",
];

for (const operation of world.operations.filter(({ method, query }) => method === "GET" && query.some(({ name }) => /cursor|page|limit|_id$/.test(name)))) {
  await check(`${operation.id} takes made-up cursors for what they are`, async () => {
    const paged = operation.query.map(({ name }) => name).filter((name) => /cursor|page|limit|_id$/.test(name));
    const mine = [world.message_id, world.session_id, world.tweet_of_owner, world.tweet_of_blocked];
    for (const role of ["visitor", "another", "blocked"]) {
      for (const [name, value] of paged.flatMap((name) => [...cursors, ...mine].map((cursor) => [name, cursor]))) {
        const answer = await world[role].get(`${world.path(operation.pattern, role)}?q=words&${name}=${value}`);
        const text = JSON.stringify(answer.body);
        assert.ok(answer.status < 500, `${name}=${value}: ${answer.status} ${text}`);
        for (const secret of secrets) assert.ok(!text.includes(secret), `${name}=${value} tells a secret`);
        assert.ok(role !== "blocked" || !text.includes(words_of("owner")), `${name}=${value} shows who blocks`);
      }
    }
  }, 60_000);
}

await check("pages take made-up pages and cursors for what they are", async () => {
  for (const { pattern } of world.pages.filter(({ method }) => method === "GET")) {
    for (const role of ["visitor", "another"]) {
      const browser = world.browser(role);
      for (const value of cursors.slice(0, 17)) {
        const answer = await browser.get(`${world.path(pattern, role)}?page=${value}&before=${value}&cursor=${value}&after=${value}`);
        assert.ok(answer.status < 500, `${pattern} with ${value}: ${answer.status}`);
        for (const secret of secrets) assert.ok(!answer.body.includes(secret), `${pattern} with ${value} tells a secret`);
      }
    }
  }
}, 60_000);

await check("nothing of all this has been a failure inside", async () => {
  await unchanged("all of it");
  const { body } = await world.visitor.get("/metrics");
  const answered = body.split("\n").filter((line) => line.startsWith("http_requests_total{"));
  assert.ok(answered.length > world.operations.length, `${answered.length} lines`);
  assert.deepEqual(answered.filter((line) => /code="5/.test(line) && !/search|avatar/.test(line)), []);
});

await world.jebi.stop();
finish();

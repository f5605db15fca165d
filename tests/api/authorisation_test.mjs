// Who may do what: every route that the program has, asked by a visitor, a stranger, somebody who is blocked, and the owner.
//
// What a route's own row does not say follows from its description: a visitor gets 401 where a token is needed, everybody
// else the status of success. And whoever asks, three things hold for every route, those without a row too: nothing of the
// owner's changes but by the owner, no secret of the owner's is told, and neither of two who block each other reads the other.
import assert from "node:assert/strict";

import { password_of } from "../lib/api.mjs";
import { check, finish, skip } from "../lib/checks.mjs";
import { World, is_absent, names, pages_that_may_be_absent, secrets, words_of } from "./world.mjs";

const world = await World.make();

// ---- The rows ----

const usual = {};  // the general rule says all
const gone = { blocked: 404 };
const kept_out = { blocked: 403 };
const owners = { another: 403, blocked: [403, 404] };
const nobodys = { another: 404, blocked: 404, owner: 404 };  // a tweet's id, and what is asked for has others
const programs = { another: 401, blocked: 401, owner: 401 };  // a program's token, and these are sessions
const invalid = { another: 422, blocked: 422, owner: 422 };

// By "METHOD pattern": what differs from the general rule, by role. What only reads needs no row where nothing differs; what
// changes something and has none is asked for no exact status, which is told at the end.
const rows = {
  "POST /api/v1/messages/{name}": kept_out,
  "DELETE /api/v1/messages/{name}": usual,
  "PUT /api/v1/messages/{name}/read": usual,
  "PUT /api/v1/profile": usual,
  "POST /api/v1/sessions": usual,
  "DELETE /api/v1/sessions/current": usual,
  "DELETE /api/v1/sessions/{id}": { another: 404, blocked: 404 },
  "POST /api/v1/tweets": kept_out,  // in answer to the owner's
  "GET /api/v1/tweets/{id}": gone,
  "PUT /api/v1/tweets/{id}": owners,
  "DELETE /api/v1/tweets/{id}": owners,
  "PUT /api/v1/tweets/{id}/favourite": kept_out,
  "DELETE /api/v1/tweets/{id}/favourite": gone,
  "GET /api/v1/tweets/{id}/favourites": gone,
  "PUT /api/v1/tweets/{id}/pin": owners,
  "DELETE /api/v1/tweets/{id}/pin": owners,
  "PUT /api/v1/tweets/{id}/repost": kept_out,
  "DELETE /api/v1/tweets/{id}/repost": gone,
  "GET /api/v1/tweets/{id}/reposts": gone,
  "GET /api/v1/tweets/{id}/thread": gone,
  "POST /api/v1/users": usual,
  "GET /api/v1/users/{name}": gone,
  "GET /api/v1/users/{name}/followers": gone,
  "GET /api/v1/users/{name}/following": gone,
  "PUT /api/v1/users/{name}/follow": kept_out,
  "DELETE /api/v1/users/{name}/follow": usual,
  "PUT /api/v1/users/{name}/block": usual,
  "DELETE /api/v1/users/{name}/block": usual,
  "PUT /api/v1/users/{name}/mute": usual,
  "DELETE /api/v1/users/{name}/mute": usual,

  // Mastodon's
  "GET /api/v1/accounts/lookup": gone,
  "GET /api/v1/accounts/{id}": gone,
  "GET /api/v1/accounts/{id}/followers": gone,
  "GET /api/v1/accounts/{id}/following": gone,
  "GET /api/v1/accounts/{id}/statuses": gone,
  "POST /api/v1/accounts/{id}/follow": { blocked: [403, 404] },
  "POST /api/v1/accounts/{id}/unfollow": { blocked: [200, 404] },
  "POST /api/v1/accounts/{id}/block": { blocked: [200, 404] },
  "POST /api/v1/accounts/{id}/unblock": { blocked: [200, 404] },
  "POST /api/v1/accounts/{id}/mute": { blocked: [200, 404] },
  "POST /api/v1/accounts/{id}/unmute": { blocked: [200, 404] },
  "PATCH /api/v1/accounts/update_credentials": usual,
  "GET /api/v1/apps/verify_credentials": programs,
  "GET /api/v1/notifications/{id}": nobodys,
  "POST /api/v1/notifications/{id}/dismiss": usual,
  "POST /api/v1/notifications/clear": usual,
  "POST /api/v1/media": invalid,
  "POST /api/v2/media": invalid,
  "POST /api/v1/statuses": kept_out,
  "GET /api/v1/statuses/{id}": gone,
  "PUT /api/v1/statuses/{id}": owners,
  "DELETE /api/v1/statuses/{id}": owners,
  "GET /api/v1/statuses/{id}/context": gone,
  "GET /api/v1/statuses/{id}/favourited_by": gone,
  "GET /api/v1/statuses/{id}/history": gone,
  "GET /api/v1/statuses/{id}/reblogged_by": gone,
  "GET /api/v1/statuses/{id}/source": gone,
  "POST /api/v1/statuses/{id}/bookmark": invalid,
  "POST /api/v1/statuses/{id}/unbookmark": gone,
  "POST /api/v1/statuses/{id}/favourite": kept_out,
  "POST /api/v1/statuses/{id}/unfavourite": gone,
  "POST /api/v1/statuses/{id}/pin": owners,
  "POST /api/v1/statuses/{id}/unpin": owners,
  "POST /api/v1/statuses/{id}/reblog": kept_out,
  "POST /api/v1/statuses/{id}/unreblog": gone,
};
const is_exact = (operation) =>
  operation.id in rows || (operation.method === "GET" && !operation.query.some(({ required }) => required));

// What a visitor may change: nothing else.
const open_to_visitors = new Set([
  "POST /api/v1/users", "POST /api/v1/sessions", "POST /api/v1/apps", "POST /api/v1/accounts", "POST /oauth/token", "POST /oauth/revoke",
]);

// ---- Asking ----

let made = 0;
// What a body may have, filled with what is the owner's, so that it would matter.
function value_of(name, role) {
  made += 1;
  const known = {
    text: `said by ${role} ${made}`, status: `said by ${role} ${made}`, reply_to: world.tweet_of_owner, in_reply_to_id: world.tweet_of_owner,
    id: world.message_id, username: `person_${made}`, email: `person_${made}@example.org`, password: password_of(`person_${made}`),
    display_name: names[role] ?? "nobody", bio: "", link: "", q: "words", acct: names.owner, grant_type: "client_credentials",
  };
  return known[name];
}

function body_of(operation, role) {
  if (operation.id === "POST /api/v1/sessions") {
    return { username: names.confidant, password: password_of(names.confidant) };
  }
  const names_of_values = Object.keys(operation.body ?? {}).filter((name) => value_of(name, role) !== undefined);
  return operation.body && Object.fromEntries(names_of_values.map((name) => [name, value_of(name, role)]));
}

function path_of(operation, role) {
  const required = operation.query.filter((parameter) => parameter.required);
  const query = required.map(({ name }) => `${name}=${value_of(name, role)}`).join("&");
  return world.path(operation.pattern, role) + (query && `?${query}`);
}

// Blocks are taken back at once, or whoever comes next would be somebody else.
async function taken_back(pattern, role) {
  if (!pattern.endsWith("/block") || role === "visitor") return;
  await world[role].delete(`/api/v1/users/${role === "owner" ? names.confidant : names.owner}/block`);
}

async function asked(operation, role) {
  const ends_it = /sessions\/current|revoke/.test(operation.pattern);
  const who = ends_it ? await world.session_of(role) : world[role];
  const answer = await who.ask(operation.method, path_of(operation, role), body_of(operation, role) ?? undefined);
  await taken_back(operation.pattern, role);
  return answer;
}

// ---- What holds for every answer ----

// Their own words, where one of the two blocks the other.
const unread_by = { blocked: words_of("owner"), owner: words_of("blocked") };

function nothing_leaks(answer, role, id) {
  const text = typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body);
  if (role !== "owner") {
    for (const secret of secrets) assert.ok(!text.includes(secret), `${id} tells ${role} "${secret}"`);
  }
  const unread = unread_by[role];
  if (unread) assert.ok(!text.includes(unread), `${id} shows ${role} the words of who blocks or is blocked`);
}

const changes = ({ method }) => !["GET", "HEAD"].includes(method);
let before = await world.snapshot();

async function unchanged(role, id) {
  const known = before;
  before = await world.snapshot();  // so that one change is told once
  assert.equal(before, known, `${id} by ${role} has changed what is the owner's`);
}

// ---- The API ----

const absent = new Set();

function expected_of(operation, role) {
  if (role === "visitor" && !operation.for_visitors) return 401;
  return rows[operation.id]?.[role] ?? operation.success;
}

const as_list = (value) => (Array.isArray(value) ? value : [value]);

function has_its_status(answer, operation, role) {
  const expected = as_list(expected_of(operation, role));
  assert.ok(!is_exact(operation) || expected.includes(answer.status), `${answer.status}, not ${expected}: ${JSON.stringify(answer.body)}`);
  assert.ok(answer.status < 500, `${answer.status} ${JSON.stringify(answer.body)}`);
}

for (const role of ["visitor", "another", "blocked"]) {
  for (const operation of world.operations) {
    await check(`${operation.id} by ${role}`, async () => {
      const answer = await asked(operation, role);
      if (is_absent(answer)) return absent.add(operation.id);
      nothing_leaks(answer, role, operation.id);
      if (changes(operation)) await unchanged(role, operation.id);
      // What OAuth's operations refuse with 401 is a client that is none (RFC 6749, 5.2), not a visitor.
      if (role === "visitor" && !operation.pattern.startsWith("/oauth/")) assert.equal(answer.status === 401, !operation.for_visitors, `${answer.status} for a visitor`);
      has_its_status(answer, operation, role);
    });
  }
}

await check("a visitor may change nothing but what is meant for visitors", () => {
  const open = world.operations.filter((operation) => changes(operation) && operation.for_visitors).map(({ id }) => id);
  assert.deepEqual(open.filter((id) => !open_to_visitors.has(id)), []);
  assert.ok(open.length >= 2);
});

await check("a token that is none opens nothing, not even what a visitor may read", async () => {
  const nobody = world.visitor.as("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
  for (const operation of world.operations.filter(({ pattern }) => pattern.startsWith("/api"))) {
    const { status } = await nobody.ask(operation.method, path_of(operation, "another"), body_of(operation, "another") ?? undefined);
    assert.equal(status, 401, operation.id);
  }
  await unchanged("nobody", "a wrong token");
});

// ---- The pages ----

const sign_in_first = { visitor: 303 };
const of_the_owner = { visitor: 303, another: 403, blocked: [403, 404] };
const not_for_the_blocked = { visitor: 303, blocked: [403, 404] };
// Of a page: who gets what, where it is not 200. Forms: with a token that holds.
const page_rows = {
  "GET /tweets/{id}": gone,
  "GET /tweets/{id}/edit": of_the_owner,
  "POST /tweets/{id}": of_the_owner,
  "DELETE /tweets/{id}": of_the_owner,
  "POST /tweets/{id}/pin": of_the_owner,
  "DELETE /tweets/{id}/pin": of_the_owner,
  "POST /tweets/{id}/comments": not_for_the_blocked,
  "POST /tweets/{id}/favorites": not_for_the_blocked,
  "POST /tweets/{id}/reposts": not_for_the_blocked,
  "GET /tweets/{id}/favorites": gone,
  "GET /tweets/{id}/reposts": gone,
  "GET /users/{name}": gone,
  "GET /users/{name}/replies": gone,
  "GET /users/{name}/favorites": { visitor: 303, another: 403, blocked: 404 },
  "GET /users/{name}/followers": gone,
  "GET /users/{name}/following": gone,
  "POST /users/{name}/follow": not_for_the_blocked,
  "POST /users/{name}/block": sign_in_first,
  "DELETE /users/{name}/block": sign_in_first,
  "POST /users/{name}/mute": sign_in_first,
  "DELETE /users/{name}/mute": sign_in_first,
  "POST /settings/profile": sign_in_first,
  "POST /settings/password": sign_in_first,
  "POST /settings/delete": sign_in_first,
  "GET /tweets/{id}/delete": of_the_owner,
  "POST /tweets/{id}/delete": of_the_owner,
  "GET /tweets/new": sign_in_first,
  "GET /logout": sign_in_first,
  "GET /messages": sign_in_first,
  "GET /messages/{name}": sign_in_first,
  "GET /settings": sign_in_first,
  "GET /settings/blocked": sign_in_first,
  "GET /settings/muted": sign_in_first,
  "GET /settings/delete": sign_in_first,
  "POST /settings/sessions/{id}/end": { visitor: 303, another: 404, blocked: 404 },
};

const form = (role) => ({
  ...Object.fromEntries(["text", "reply_to", "display_name", "bio", "link"].map((name) => [name, value_of(name, role)])),
  current_password: "not the password", password: "not the password", theme: "dark", language: "en",
});

for (const role of ["visitor", "another", "blocked"]) {
  for (const page of world.pages) {
    await check(`${page.id} by ${role}`, async () => {
      const browser = world.browser(/logout|sessions\/end-others/.test(page.pattern) ? "visitor" : role);
      if (role !== "visitor" && browser.cookies.size === 0) browser.cookies.set("jebi", (await world.session_of(role)).token);
      const path = world.path(page.pattern, role);
      const answer = await (page.method === "GET" ? browser.get(path) : browser.submit(page.method, path, form(role)));
      nothing_leaks(answer, role, page.id);
      await taken_back(page.pattern, role);
      if (changes(page)) await unchanged(role, page.id);
      if (answer.status === 303 && role === "visitor") assert.match(answer.fields.get("location"), /^\/(?!\/)/);
      const expected = page_rows[page.id]?.[role];
      if (expected) assert.ok(as_list(expected).includes(answer.status), `${answer.status}, not ${expected}`);
      if (answer.status === 503 && pages_that_may_be_absent.test(page.pattern)) return absent.add(page.id);
      assert.ok(answer.status < 500, `${answer.status} ${answer.body.slice(-500)}`);
    });
  }
}

await check("reading a page changes nothing, whatever its query asks for", async () => {
  const browser = world.browser("owner");
  for (const { id, pattern } of world.pages.filter(({ method }) => method === "GET")) {
    await browser.get(`${world.path(pattern, "another")}?_method=DELETE&text=changed&display_name=changed`);
    await unchanged("the owner's browser", id);
  }
});

// ---- The owner ----

// The owner's turn comes last, as it changes what the others were measured by.
for (const operation of world.operations) {
  await check(`${operation.id} by the owner`, async () => {
    const { body } = await world.owner.post("/api/v1/tweets", { text: `the owner's next ${(made += 1)}` });
    world.tweet_of_owner = body.id;
    const answer = await asked(operation, "owner");
    if (is_absent(answer)) return absent.add(operation.id);
    nothing_leaks(answer, "owner", operation.id);
    has_its_status(answer, operation, "owner");
  });
}

await check("figures for operators are told to this machine alone, not to who comes through a proxy", async () => {
  assert.equal((await world.visitor.get("/metrics")).status, 200);
  assert.notEqual((await world.visitor.get("/metrics", { "X-Forwarded-For": "203.0.113.7" })).status, 200);
});

await check("every row is about a route that is there", () => {
  const there = new Set([...world.operations, ...world.pages].map(({ id }) => id));
  assert.deepEqual([...Object.keys(rows), ...Object.keys(page_rows)].filter((id) => !there.has(id)), []);
});

for (const id of absent) skip(id, "the module behind it is not part of this program");
const loose = world.operations.filter((operation) => !is_exact(operation)).map(({ id }) => id);
console.log(`${world.operations.length} operations and ${world.pages.length} pages by 4 roles; without an exact status: ${loose.join(", ") || "none"}`);
await world.jebi.stop();
finish();

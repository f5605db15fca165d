// The public JSON API from outside: every route, what it refuses, and what it never gives away.
import assert from "node:assert/strict";

import { Api, password_of } from "../lib/api.mjs";
import { check, eventually, finish } from "../lib/checks.mjs";
import { Jebi } from "../lib/jebi.mjs";

const jebi = await Jebi.start();
const visitor = new Api(jebi.url);
const sehyun = await visitor.sign_up("sehyun", { display_name: "세현 🐦" });
const mira = await visitor.sign_up("mira");

// The answer is an error with this status, code and field.
function refused(answer, status, code, field) {
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  assert.equal(answer.body.error.code, code);
  assert.equal(answer.body.error.field, field);
  assert.ok(answer.body.error.message.length > 0, "an error says what happened");
}

async function tweet(person, text, fields) {
  const answer = await person.post("/api/v1/tweets", { text }, fields);
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return answer.body;
}

const person = (username, more) => ({ username, email: `${username}@example.org`, password: password_of(username), ...more });

// ---- Signing up and in ----

await check("signing up answers the person, their address and a token that works", async () => {
  const answer = await visitor.post("/api/v1/users", person("Nari", { display_name: "나리" }));
  assert.equal(answer.status, 201);
  assert.equal(answer.body.username, "nari");
  assert.equal(answer.body.display_name, "나리");
  assert.match(answer.body.id, /^[0-9]+$/);
  assert.equal(answer.fields.get("location"), "/api/v1/users/nari");
  assert.equal(answer.fields.get("cache-control"), "no-store");
  assert.equal((await visitor.as(answer.body.token).post("/api/v1/tweets", { text: "hello" })).status, 201);
});

await check("a display name is kept in NFC, and is the user name when none is given", async () => {
  const decomposed = await visitor.post("/api/v1/users", person("decomposed", { display_name: "제비".normalize("NFD") }));
  assert.equal(decomposed.body.display_name, "제비");
  const nameless = await visitor.post("/api/v1/users", person("nameless"));
  assert.equal(nameless.body.display_name, "nameless");
});

await check("a name or an e-mail that is taken is a conflict in its field", async () => {
  refused(await visitor.post("/api/v1/users", person("SEHYUN", { email: "new@example.org" })), 409, "username_taken", "username");
  refused(await visitor.post("/api/v1/users", person("other", { email: "SEHYUN@example.org" })), 409, "email_taken", "email");
});

for (const [what, more, code, field] of [
  ["a user name with letters of other scripts", { username: "제비" }, "username_invalid", "username"],
  ["a user name of 31 letters", { username: "a".repeat(31) }, "username_invalid", "username"],
  ["no user name", { username: "" }, "username_invalid", "username"],
  ["a reserved user name", { username: "admin" }, "username_reserved", "username"],
  ["an e-mail without an @", { email: "nowhere" }, "email_invalid", "email"],
  ["a password of 7 letters", { password: "aK9$xq2" }, "password_too_short", "password"],
  ["a password that everybody uses", { password: "password123" }, "password_common", "password"],
  ["a password like the name", { username: "longer_name", password: "longer_name" }, "password_like_name", "password"],
  ["a display name of 51 letters", { display_name: "가".repeat(51) }, "display_name_invalid", "display_name"],
  ["a display name that turns the text around", { display_name: "a\u202eb" }, "display_name_invalid", "display_name"],
]) {
  await check(`signing up refuses ${what}`, async () => {
    refused(await visitor.post("/api/v1/users", person("candidate", more)), 400, code, field);
  });
}

await check("one signs in with the user name or the e-mail, in any case", async () => {
  for (const who of [{ username: "sehyun" }, { username: "SeHyun" }, { email: "sehyun@example.org" }]) {
    const answer = await visitor.post("/api/v1/sessions", { ...who, password: password_of("sehyun") });
    assert.equal(answer.status, 201);
    assert.equal(answer.body.user.username, "sehyun");
    assert.equal(answer.fields.get("cache-control"), "no-store");
    assert.notEqual(answer.body.token, sehyun.token);
  }
});

await check("a wrong password and an unknown name get the same answer", async () => {
  const wrong = await visitor.post("/api/v1/sessions", { username: "mira", password: "not the password" });
  const unknown = await visitor.post("/api/v1/sessions", { username: "nobody_here", password: "not the password" });
  refused(wrong, 401, "wrong_credentials", undefined);
  assert.deepEqual(wrong.body, unknown.body);
  assert.equal(wrong.fields.get("www-authenticate"), "Bearer");
});

await check("signing out ends that session and no other", async () => {
  const sign_in = await visitor.post("/api/v1/sessions", { username: "mira", password: password_of("mira") });
  const second = visitor.as(sign_in.body.token);
  assert.equal((await second.delete("/api/v1/sessions/current")).status, 204);
  refused(await second.post("/api/v1/tweets", { text: "after the end" }), 401, "sign_in_first", undefined);
  await tweet(mira, "still signed in here");
});

await check("a token that is not known is refused, for reading too", async () => {
  assert.equal((await visitor.as("not-a-token").get("/api/v1/tweets")).status, 401);
  assert.equal((await visitor.get("/api/v1/tweets")).status, 200);
  assert.equal((await visitor.delete("/api/v1/sessions/current")).status, 401);
});

// ---- Tweets ----

await check("a tweet is written, read by anyone, edited and deleted by its author alone", async () => {
  const written = await tweet(sehyun, "첫 소식 🐦 #제비 @mira https://example.org");
  assert.equal(written.author.username, "sehyun");
  assert.equal(written.edited_at, null);
  assert.match(written.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  const path = `/api/v1/tweets/${written.id}`;
  assert.deepEqual((await visitor.get(path)).body, written);

  refused(await mira.put(path, { text: "mine now" }), 403, "not_yours", undefined);
  refused(await mira.delete(path), 403, "not_yours", undefined);
  assert.equal((await visitor.put(path, { text: "nobody's" })).status, 401);
  assert.equal((await visitor.delete(path)).status, 401);

  const edited = await sehyun.put(path, { text: "고친 소식 #강남" });
  assert.equal(edited.status, 200);
  assert.equal(edited.body.text, "고친 소식 #강남");
  assert.notEqual(edited.body.edited_at, null);
  assert.equal((await visitor.get(path)).body.text, "고친 소식 #강남");

  assert.equal((await sehyun.delete(path)).status, 204);
  assert.equal((await visitor.get(path)).status, 404);
  assert.equal((await sehyun.delete(path)).status, 404);
});

await check("the answer to writing names the new tweet's address", async () => {
  const answer = await sehyun.post("/api/v1/tweets", { text: "where am I?" });
  assert.equal(answer.fields.get("location"), `/api/v1/tweets/${answer.body.id}`);
});

await check("the same idempotency key gives the same tweet, also when both come at once", async () => {
  const key = { "Idempotency-Key": "one-of-a-kind" };
  const twins = await Promise.all([1, 2, 3, 4].map(() => tweet(sehyun, "only once", key)));
  assert.equal(new Set(twins.map(({ id }) => id)).size, 1);
  const list = (await visitor.get("/api/v1/tweets?author=sehyun&limit=100")).body.tweets;
  assert.equal(list.filter(({ text }) => text === "only once").length, 1);
  const other = await tweet(mira, "only once", key);
  assert.notEqual(other.id, twins[0].id, "a key belongs to its user");
});

await check("an idempotency key with another text is a conflict", async () => {
  const key = { "Idempotency-Key": "spent" };
  await tweet(sehyun, "the first text", key);
  refused(await sehyun.post("/api/v1/tweets", { text: "another text" }, key), 409, "key_reused", undefined);
});

for (const [what, text, weight_is_right] of [
  ["140 syllables", "가".repeat(140), true],
  ["141 syllables", "가".repeat(141), false],
  ["140 syllables, decomposed", "가".repeat(140).normalize("NFD"), true],
  ["280 Latin letters", "a".repeat(280), true],
  ["281 Latin letters", "a".repeat(281), false],
  ["a link that is longer than a tweet", `https://example.org/${"a".repeat(300)}`, true],
  ["140 families of emoji", "👨‍👩‍👧‍👦".repeat(140), true],
]) {
  await check(`${what} ${weight_is_right ? "fit" : "do not fit"} into a tweet`, async () => {
    const answer = await sehyun.post("/api/v1/tweets", { text });
    if (!weight_is_right) return refused(answer, 400, "text_too_long", "text");
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    assert.equal(answer.body.text, text.normalize("NFC"));
  });
}

await check("a tweet of blanks is refused", async () => {
  refused(await sehyun.post("/api/v1/tweets", { text: " \n\t　" }), 400, "text_empty", "text");
  refused(await sehyun.post("/api/v1/tweets", {}), 400, "text_empty", "text");
});

await check("lists go on from a cursor, without repeating or missing any, while others write", async () => {
  const texts = Array.from({ length: 23 }, (_, i) => `in order ${i}`);
  const author = await visitor.sign_up("writer");
  for (const text of texts) await tweet(author, text);
  const seen = [];
  let cursor = "", pages = 0;
  do {
    const page = (await visitor.get(`/api/v1/tweets?author=writer&limit=5${cursor}`)).body;
    seen.push(...page.tweets.map(({ text }) => text));
    await tweet(author, `in between ${pages}`);
    cursor = `&cursor=${page.next}`;
    pages += 1;
    if (page.next === null) break;
  } while (pages < 50);
  assert.deepEqual(seen, [...texts].reverse());
  assert.equal(pages, 5);
});

await check("a page has 15 tweets unless one asks for more", async () => {
  assert.equal((await visitor.get("/api/v1/tweets?author=writer")).body.tweets.length, 15);
  assert.ok((await visitor.get("/api/v1/tweets?limit=100&author=writer")).body.tweets.length > 15);
});

await check("tweets are found by hashtag, in any script and case", async () => {
  const written = await tweet(mira, "제비가 왔다 #봄소식 #Swallow");
  for (const tag of ["봄소식", "#봄소식", "swallow", "SWALLOW", "봄소식".normalize("NFD")]) {
    const page = (await visitor.get(`/api/v1/tweets?hashtag=${encodeURIComponent(tag)}`)).body;
    assert.deepEqual(page.tweets.map(({ id }) => id), [written.id], tag);
  }
  assert.deepEqual((await visitor.get("/api/v1/tweets?hashtag=unheard")).body, { tweets: [], next: null });
});

for (const query of ["limit=0", "limit=101", "limit=many", "limit=-1", "cursor=x", "cursor=18446744073709551616"]) {
  await check(`a list refuses ?${query}`, async () => {
    refused(await visitor.get(`/api/v1/tweets?${query}`), 400, "bad_number", query.split("=")[0]);
  });
}

// ---- People ----

await check("people are listed newest first, a page at a time, with their number", async () => {
  const all = (await visitor.get("/api/v1/users?limit=100")).body;
  assert.equal(all.total, all.users.length);
  assert.equal(all.users.at(-1).username, "sehyun");
  const second = (await visitor.get("/api/v1/users?page=2&limit=3")).body;
  assert.deepEqual(second.users, all.users.slice(3, 6));
  assert.deepEqual((await visitor.get("/api/v1/users?page=999")).body.users, []);
  refused(await visitor.get("/api/v1/users?page=0"), 400, "bad_number", "page");
});

await check("a person is found by name in any case, and is not there when there is none", async () => {
  assert.equal((await visitor.get("/api/v1/users/SEHYUN")).body.display_name, "세현 🐦");
  refused(await visitor.get("/api/v1/users/nobody_here"), 404, "not_found", undefined);
});

await check("nothing public tells an e-mail, a password or a token", async () => {
  for (const path of ["/api/v1/users?limit=100", "/api/v1/users/sehyun", "/api/v1/tweets?limit=100", "/", "/userslist", "/users/sehyun"]) {
    const answer = await visitor.get(path);
    assert.equal(answer.status, 200, path);
    const text = JSON.stringify(answer.body);
    for (const secret of ["example.org\"", "@example.org", "argon2", "password\":", sehyun.token]) {
      assert.ok(!text.includes(secret), `${path} tells ${secret}`);
    }
  }
});

// ---- What is not understood ----

for (const [what, body, code, field] of [
  ["no JSON", "{", "invalid_json"],
  ["bytes that are no UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), "invalid_json"],
  ["a list", "[]", "bad_json"],
  ["a number where text belongs", '{"text": 1}', "bad_json", "text"],
]) {
  await check(`a body with ${what} is refused`, async () => {
    refused(await sehyun.post("/api/v1/tweets", body), 400, code, field);
  });
}

await check("a body that is too large is refused before it is read", async () => {
  const answer = await sehyun.post("/api/v1/tweets", JSON.stringify({ text: "a".repeat(20_000_000) })).catch((error) => error);
  assert.ok(answer.status === 413 || answer instanceof TypeError, `status ${answer.status}`);
  assert.equal((await visitor.get("/api/v1/tweets?limit=1")).status, 200);
});

await check("an address that is not there answers 404 in JSON under /api/, and a page elsewhere", async () => {
  const nothing = await visitor.get("/api/v1/nothing");
  assert.equal(nothing.status, 404);
  assert.deepEqual(nothing.body, { error: "Record not found" });
  refused(await visitor.get("/api/v1/tweets/12345"), 404, "tweet_gone", undefined);
  refused(await visitor.get("/api/v1/tweets/twelve"), 404, "tweet_gone", undefined);
  const page = await visitor.get("/nothing");
  assert.equal(page.status, 404);
  assert.match(page.fields.get("content-type"), /^text\/html/);
});

await check("what is for development is not there without --dev", async () => {
  for (const path of ["/dev/routes", "/dev/reload"]) assert.equal((await visitor.get(path)).status, 404, path);
});

await check("a method that an address does not know is answered with those it knows", async () => {
  const answer = await visitor.ask("PATCH", "/api/v1/tweets");
  assert.equal(answer.status, 405);
  const allowed = answer.fields.get("allow").split(/, */);
  for (const method of ["GET", "HEAD", "POST", "OPTIONS"]) assert.ok(allowed.includes(method), method);
  assert.deepEqual(answer.body, { error: "The method is not allowed here." });
  assert.equal((await visitor.ask("PATCH", "/oauth/token")).body.error, "The method is not allowed here.");
  assert.match((await visitor.ask("PATCH", "/login")).fields.get("content-type"), /^text\/plain/);
  assert.equal((await visitor.ask("OPTIONS", "/api/v1/tweets")).status, 204);
});

await check("HEAD answers like GET, without the body", async () => {
  const head = await visitor.ask("HEAD", "/api/v1/users/sehyun"), get = await visitor.get("/api/v1/users/sehyun");
  assert.equal(head.status, get.status);
  assert.equal(head.body, "");
  assert.equal(head.fields.get("content-type"), get.fields.get("content-type"));
  assert.equal((await visitor.ask("HEAD", "/api/v1/users/nobody_here")).status, 404);
});

// ---- Pages, from a script's side ----

await check("every answer says what a browser may do with it", async () => {
  for (const path of ["/", "/login", "/api/v1/tweets", "/nothing"]) {
    const { fields } = await visitor.get(path);
    assert.match(fields.get("content-security-policy"), /default-src 'self'.*frame-ancestors 'none'/, path);
    assert.equal(fields.get("x-content-type-options"), "nosniff", path);
    assert.ok(fields.get("referrer-policy"), path);
    assert.match(fields.get("traceparent") ?? "00-0-0-0", /^00-/, path);
  }
});

await check("a form without its token, or from another site, changes nothing", async () => {
  const form = (fields) => visitor.post("/users/sessions", "username_or_email=sehyun&password=x",
    { "Content-Type": "application/x-www-form-urlencoded", ...fields });
  assert.equal((await form({})).status, 403);
  assert.equal((await form({ Origin: "https://evil.example" })).status, 403);
  assert.equal((await form({ "Sec-Fetch-Site": "cross-site" })).status, 403);
  const with_cookie = await visitor.post("/tweets", "text=stolen",
    { "Content-Type": "application/x-www-form-urlencoded", Cookie: `jebi=${sehyun.token}` });
  assert.equal(with_cookie.status, 403);
});

await check("a cookie counts for nothing in the API", async () => {
  const answer = await visitor.post("/api/v1/tweets", { text: "by cookie" }, { Cookie: `jebi=${sehyun.token}` });
  assert.equal(answer.status, 401);
});

await check("the original's addresses are still there", async () => {
  for (const path of ["/", "/tweets", "/tweets/hashtag/a", "/userslist", "/userslist?page=2", "/login", "/signup", "/users/sehyun"]) {
    assert.equal((await visitor.get(path)).status, 200, path);
  }
  for (const path of ["/tweets/new", "/settings", "/logout"]) assert.equal((await visitor.get(path)).status, 303, path);
});

await check("text in a tweet is text on the page, whatever it looks like", async () => {
  const { id } = await tweet(mira, `<script>alert(1)</script> "><img src=x onerror=alert(1)> javascript:alert(1) &amp;`);
  const { body } = await visitor.get(`/tweets/${id}`);
  assert.ok(!body.includes("<script>alert"), "a script got through");
  assert.ok(!body.includes("<img src=x"), "a tag got through");
  assert.ok(!body.includes('href="javascript:'), "a link got through");
  assert.ok(body.includes("&lt;script&gt;alert(1)&lt;/script&gt;"), "the text is there");
});

await check("operators see life, readiness and figures", async () => {
  assert.equal((await visitor.get("/livez")).status, 200);
  assert.equal((await visitor.get("/readyz")).status, 200);
  const { body } = await visitor.get("/metrics");
  assert.match(body, /^# TYPE \w+ (counter|gauge|histogram)$/m);
});

await check("many tries with wrong passwords have to wait, and say how long", async () => {
  let last;
  for (let i = 0; i < 30; ++i) {
    last = await visitor.post("/api/v1/sessions", { username: "nari", password: `wrong ${i}` });
    if (last.status === 429) break;
  }
  refused(last, 429, "too_many_tries", undefined);
  assert.ok(Number(last.fields.get("retry-after")) >= 1);
});

await check("Ctrl-C ends it cleanly, with requests still on their way", async () => {
  let begun = 0;
  const asked = Array.from({ length: 20 }, (_, i) => {
    begun += 1;
    return sehyun.post("/api/v1/tweets", { text: `last words ${i}` }).catch((error) => error);
  });
  await eventually(() => begun === 20, "twenty requests");
  assert.equal(await jebi.stop("SIGINT"), 0);
  const statuses = (await Promise.all(asked)).map((answer) => answer.status ?? "refused");
  const odd = statuses.filter((status) => ![201, 503, "refused"].includes(status));
  assert.deepEqual(odd, []);
});

finish();

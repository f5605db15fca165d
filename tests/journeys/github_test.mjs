// Signing in through GitHub, in a real browser, against a GitHub that keeps to the rules and then does not.
import assert from "node:assert/strict";

import { Api, password_of } from "../lib/api.mjs";
import { launch, visit } from "../lib/browser.mjs";
import { check, finish } from "../lib/checks.mjs";
import { set_cookies } from "../lib/cookies.mjs";
import { FakeGitHub, octocat } from "../lib/fake_github.mjs";
import { Jebi } from "../lib/jebi.mjs";

const browser = await launch("signing in through GitHub");
const github = await FakeGitHub.start();
const jebi = await Jebi.start({ environment: github.environment() });
const api = new Api(jebi.url);

// A browser of its own for each step, and what it sees.
async function at(path, body) {
  const { page, context } = await visit(browser, { language: "en" });
  try {
    await page.goto(jebi.url + path);
    await body(page);
  } finally {
    await context.close();
  }
}

const path_of = (page) => new URL(page.url()).pathname;
const is_signed_in = async (page) => (await page.locator('header a[href="/settings"]').count()) > 0;
// To GitHub and back: redirects all the way, so one navigation.
const through_github = (page) => Promise.all([page.waitForNavigation(), page.click('a[href^="/auth/github"]')]);
const accounts = async () => (await api.get("/api/v1/users?limit=1")).body.total;

// The sign-in ends in a plain message, with nobody signed in and no account made.
async function ends_in_words(page, words, before) {
  assert.match(await page.locator("main").innerText(), words);
  assert.ok(!(await is_signed_in(page)));
  assert.equal(await accounts(), before);
}

await check("the button shows where GitHub is configured, and nowhere else", async () => {
  await at("/login", async (page) => assert.equal(await page.locator('a[href^="/auth/github"]').count(), 1));
  const without = await Jebi.start();
  assert.ok(!(await (await fetch(`${without.url}/login`)).text()).includes("/auth/github"));
  assert.equal((await fetch(`${without.url}/auth/github`)).status, 404);
  await without.stop();
});

await check("the first sign-in makes an account with the name from there, the second one finds it", async () => {
  for (const again of [false, true]) {
    await at("/login", async (page) => {
      await through_github(page);
      assert.equal(path_of(page), "/", await page.locator("main").innerText());
      assert.ok(await is_signed_in(page), `again: ${again}`);
      await page.goto(`${jebi.url}/users/octocat`);
      assert.equal(await page.locator("h1").innerText(), octocat.name);
    });
  }
  assert.equal(await accounts(), 1);
});

await check("somebody who takes another name at GitHub keeps the account", async () => {
  github.person = { ...octocat, login: "hexacat" };
  await at("/login", async (page) => {
    await through_github(page);
    assert.equal(path_of(page), "/");
  });
  assert.equal(await accounts(), 1);
  github.person = octocat;
});

await check("a name that is taken here is asked for anew, and a bad one again", async () => {
  github.person = { id: 42, login: "Octocat", name: "somebody else" };
  await at("/login", async (page) => {
    await through_github(page);
    assert.equal(path_of(page), "/auth/github/name");
    assert.ok(!(await is_signed_in(page)));
    await page.fill("#username", "admin");
    await page.click("main form button");
    assert.equal(await page.inputValue("#username"), "admin");
    assert.equal(await page.locator("#username").getAttribute("aria-invalid"), "true");
    await page.fill("#username", "second_cat");
    await page.click("main form button");
    assert.ok(await is_signed_in(page));
  });
  assert.equal((await api.get("/api/v1/users/second_cat")).body.display_name, "somebody else");
  github.person = octocat;
});

await check("an account is never joined by its e-mail address", async () => {
  await api.sign_up("emailed", { email: "somebody.else@example.org" });
  github.person = { id: 77, login: "emailed2", name: "" };
  await at("/login", async (page) => {
    await through_github(page);
    await page.goto(`${jebi.url}/users/emailed2`);
    assert.equal(await page.locator("h1").innerText(), "emailed2");
  });
  github.person = octocat;
});

await check("saying no at GitHub leads back to signing in", async () => {
  const before = await accounts();
  github.says_no = true;
  await at("/login", async (page) => {
    await through_github(page);
    assert.equal(path_of(page), "/login");
    await ends_in_words(page, /You said no/, before);
  });
  github.says_no = false;
});

// ---- GitHub misbehaves, or somebody in its name ----

for (const [what, instead, words] of [
  ["answers 500 for a token", { token: { status: 500, body: "oops" } }, /did not answer/],
  ["answers garbage for a token", { token: { status: 200, body: "<html>" } }, /did not answer/],
  ["answers with no token", { token: { status: 200, body: {} } }, /did not answer/],
  ["refuses the code", { token: { status: 200, body: { error: "bad_verification_code" } } }, /did not confirm/],
  ["answers 500 for the user", { user: { status: 500, body: "{}" } }, /did not answer/],
  ["answers garbage for the user", { user: { status: 200, body: "[1" } }, /did not answer/],
  ["does not know the token", { user: { status: 401, body: {} } }, /did not confirm/],
  ["tells an id that is a text", { user: { status: 200, body: { id: "1", login: "x" } } }, /did not answer/],
  ["tells a negative id", { user: { status: 200, body: { id: -1, login: "x" } } }, /did not answer/],
  ["tells no login", { user: { status: 200, body: { id: 9 } } }, /did not answer/],
  ["says nothing when asked for a token", { token: "silence" }, /did not answer/],
  ["says nothing when asked for the user", { user: "silence" }, /did not answer/],
  ["answers without an end", { user: { status: 200, body: "x".repeat(200_000) } }, /did not answer/],
]) {
  await check(`GitHub ${what}: a plain message and no account`, async () => {
    const before = await accounts();
    github.person = { id: 1000 + before, login: "newcomer", name: "" };
    github.instead = instead;
    await at("/login", async (page) => {
      await through_github(page);
      await ends_in_words(page, words, before);
    });
    github.instead = {};
    github.person = octocat;
  });
}

// Follows one redirect by hand, with the cookies of a browser that a test writes itself.
async function step(address, cookie = "") {
  const answer = await fetch(address, { redirect: "manual", headers: { Cookie: cookie } });
  const cookies = set_cookies(answer.headers).map((field) => field.split(";")[0]).filter((pair) => pair.startsWith("jebi_github="));
  return { status: answer.status, to: answer.headers.get("location"), cookie: cookies.at(-1) ?? "", fields: answer.headers,
    text: await answer.text() };
}
const begun = async () => {
  const start = await step(`${jebi.url}/auth/github`);
  const back = await step(start.to);
  return { start, callback: back.to };
};
const has_session = ({ fields }) => set_cookies(fields).some((field) => field.startsWith("jebi=") && !field.startsWith("jebi=;"));

await check("the browser is asked for nothing but who it is: no scope, PKCE with S256, a state of its own each time", async () => {
  const one = new URL((await step(`${jebi.url}/auth/github`)).to).searchParams;
  const two = new URL((await step(`${jebi.url}/auth/github`)).to).searchParams;
  assert.equal(one.get("scope"), null);
  assert.equal(one.get("code_challenge_method"), "S256");
  assert.equal(one.get("redirect_uri"), `${jebi.url}/auth/github/callback`);
  assert.ok(one.get("state").length >= 32);
  assert.notEqual(one.get("state"), two.get("state"));
  assert.notEqual(one.get("code_challenge"), two.get("code_challenge"));
});

await check("a code with another state, or for another browser, is refused before GitHub is asked", async () => {
  const { start, callback } = await begun();
  const other = await begun();
  const asked = github.asked.token;
  const changed = new URL(callback);
  changed.searchParams.set("state", "x".repeat(32));
  for (const answer of [
    await step(changed.href, start.cookie),
    await step(callback, ""),
    await step(callback, other.start.cookie),
    await step(callback, start.cookie.slice(0, -3) + "abc"),
    await step(`${jebi.url}/auth/github/callback?code=1`, start.cookie),
  ]) {
    assert.equal(answer.status, 400);
    assert.ok(!has_session(answer));
  }
  assert.equal(github.asked.token, asked);
});

await check("a callback that comes twice signs in once", async () => {
  const { start, callback } = await begun();
  const first = await step(callback, start.cookie);
  assert.equal(first.status, 303);
  assert.ok(has_session(first));
  assert.ok(set_cookies(first.fields).some((field) => field.startsWith("jebi_github=;")), "the state is taken from the browser");
  const second = await step(callback, start.cookie);
  assert.equal(second.status, 400);
  assert.ok(!has_session(second));
});

await check("one goes on where one wanted to, and never to another site", async () => {
  for (const [next, expected] of [["/users/octocat", "/users/octocat"], ["//evil.example", "/"], ["https://evil.example", "/"]]) {
    const start = await step(`${jebi.url}/auth/github?next=${encodeURIComponent(next)}`);
    const back = await step(start.to);
    assert.equal((await step(back.to, start.cookie)).to, expected);
  }
});

// ---- Linking and unlinking ----

async function sign_in(page, username) {
  await page.fill("#username_or_email", username);
  await page.fill("#password", password_of(username));
  await page.click('form[action="/users/sessions"] button[type="submit"]');
  await page.locator('header a[href="/settings"]').waitFor({ state: "attached" });
}

await check("whoever is signed in links the account, signs in by it, and takes it off again", async () => {
  const username = "linker";
  await api.sign_up(username);
  github.person = { id: 4711, login: "linked-cat", name: "" };
  await at("/login", async (page) => {
    await sign_in(page, username);
    await page.goto(`${jebi.url}/auth/github`);
    assert.equal(path_of(page), "/settings");
    assert.match(await page.locator(".notice").innerText(), /linked/);
  });
  const before = await accounts();
  await at("/login", async (page) => {
    await through_github(page);
    await page.goto(`${jebi.url}/settings`);
    assert.match(await page.locator("main").innerText(), /linked-cat/);
    await page.click('form[action="/settings/github/unlink"] button');
    assert.doesNotMatch(await page.locator("main").innerText(), /linked-cat/);
  });
  assert.equal(await accounts(), before);
  github.person = octocat;
});

await check("an identity that is somebody's cannot be linked to another account", async () => {
  await api.sign_up("thief");
  await at("/login", async (page) => {
    await sign_in(page, "thief");
    await page.goto(`${jebi.url}/auth/github`);
    assert.match(await page.locator("main").innerText(), /somebody else/);
  });
});

await browser.close();
await github.stop();
await jebi.stop();
finish();

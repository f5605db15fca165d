// What is one's own, in a real browser: a picture, one's account as a file and into another jebi, and programs that one
// lets in and sends away again.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

import { Api, password_of } from "../lib/api.mjs";
import { axe_violations, launch, visit } from "../lib/browser.mjs";
import { check, finish } from "../lib/checks.mjs";
import { Jebi } from "../lib/jebi.mjs";

const browser = await launch("one's own account in a browser");
const jebi = await Jebi.start();
const api = new Api(jebi.url);
const sehyun = await api.sign_up("sehyun", { display_name: "세현" });

async function signed_in(at, username) {
  const { page } = await visit(browser, { language: "en", acceptDownloads: true });
  await page.goto(`${at.url}/login`);
  await page.fill("#username_or_email", username);
  await page.fill("#password", password_of(username));
  await page.click('form[action="/users/sessions"] button[type="submit"]');
  await page.locator('header a[href="/settings"]').waitFor({ state: "attached" });
  return page;
}
const sent = (page, form) => Promise.all([page.waitForNavigation(), page.click(`form[action="${form}"] button[type="submit"]`)]);
const notice = (page) => page.locator(".notice").innerText();

const page = await signed_in(jebi, "sehyun");
const person = async (name) => (await api.get(`/api/v1/users/${name}`)).body;

// ---- A picture ----

const picture = join(jebi.data, "picture.png");
writeFileSync(picture, await page.screenshot()); // a PNG as good as any

await check("a picture that is uploaded is shown on one's page, made anew and square", async () => {
  await page.goto(`${jebi.url}/settings`);
  await page.setInputFiles('form[action="/settings/avatar"] input[type="file"]', picture);
  await sent(page, "/settings/avatar");
  assert.match(await notice(page), /picture is new/);
  await page.goto(`${jebi.url}/users/sehyun`);
  const address = await page.locator('main image[href^="/avatars/"]').first().getAttribute("href");
  const [width, height] = await page.evaluate(async (src) => {
    const image = Object.assign(new Image(), { src });
    await image.decode();
    return [image.naturalWidth, image.naturalHeight];
  }, address);
  assert.ok(width > 0 && width === height, `${width} x ${height}`);
  const answer = await fetch(jebi.url + address);
  assert.equal(answer.headers.get("content-type"), "image/webp");
  assert.ok(!Buffer.from(await answer.arrayBuffer()).equals(readFileSync(picture)));
});

await check("what is no picture is refused beside the field, and the old picture stays", async () => {
  const before = (await person("sehyun")).avatar;
  const text = join(jebi.data, "text.png");
  writeFileSync(text, "not a picture at all");
  await page.goto(`${jebi.url}/settings`);
  await page.setInputFiles('form[action="/settings/avatar"] input[type="file"]', text);
  await sent(page, "/settings/avatar");
  assert.ok((await page.locator("#avatar-error").innerText()).length > 0);
  assert.equal((await person("sehyun")).avatar, before);
  assert.ok(before);
});

await check("a picture that is taken off leaves the bird", async () => {
  await page.goto(`${jebi.url}/settings`);
  await sent(page, "/settings/avatar/remove");
  assert.match(await notice(page), /picture is gone/);
  assert.equal((await person("sehyun")).avatar, null);
});

// ---- One's account as a file ----

await check("one's account comes down as a file, and goes into another jebi, once however often it is brought", async () => {
  await sehyun.post("/api/v1/tweets", { text: "처음 쓴 글 #이사" });
  await sehyun.post("/api/v1/tweets", { text: "둘째 글" });
  await page.goto(`${jebi.url}/settings`);
  const [download] = await Promise.all([page.waitForEvent("download"), page.click('form[action="/settings/export"] button')]);
  const file = join(jebi.data, "account.json");
  await download.saveAs(file);
  const account = JSON.parse(readFileSync(file, "utf8"));
  assert.equal(account.complete, true);
  assert.deepEqual(account.tweets.map(({ text }) => text), ["둘째 글", "처음 쓴 글 #이사"]);

  const other = await Jebi.start();
  const elsewhere = new Api(other.url);
  await elsewhere.sign_up("moved", { display_name: "?" });
  const there = await signed_in(other, "moved");
  for (const again of [false, true]) {
    await there.goto(`${other.url}/settings`);
    await there.setInputFiles('form[action="/settings/import"] input[type="file"]', file);
    await sent(there, "/settings/import");
    const { tweets } = (await elsewhere.get("/api/v1/tweets?author=moved")).body;
    assert.deepEqual(tweets.map(({ text }) => text), ["둘째 글", "처음 쓴 글 #이사"], `again: ${again}`);
    assert.equal(Date.parse(tweets[0].created_at), account.tweets[0].created_ms);
  }
  assert.equal((await elsewhere.get("/api/v1/users/moved")).body.display_name, "세현");
  await there.context().close();
  await other.stop();
});

// ---- Programs ----

// A program with a web page of its own, to which people come back.
const program = createServer((request, response) => response.end("back at the program"));
await new Promise((resolve) => program.listen(0, "127.0.0.1", resolve));
const callback = `http://127.0.0.1:${program.address().port}/back`;
const app = (await api.post("/api/v1/apps", { client_name: "Wren", redirect_uris: callback, scopes: "read write" })).body;
const verifier = randomBytes(32).toString("base64url");
const question = new URLSearchParams({
  response_type: "code", client_id: app.client_id, redirect_uri: callback, scope: "read", state: "하나 & 둘",
  code_challenge: createHash("sha256").update(verifier).digest("base64url"), code_challenge_method: "S256",
});
const authorize = `${jebi.url}/oauth/authorize?${question}`;

await check("a visitor signs in first, sees who asks for what, says yes, and is back at the program with a code", async () => {
  const { page: visitor, context, complaints } = await visit(browser, { language: "en" });
  await visitor.goto(authorize);
  assert.equal(new URL(visitor.url()).pathname, "/login");
  await visitor.fill("#username_or_email", "sehyun");
  await visitor.fill("#password", password_of("sehyun"));
  await sent(visitor, "/users/sessions");
  const asked = await visitor.locator("main").innerText();
  assert.match(asked, /Wren/);
  assert.match(asked, /\bread\b/);
  assert.deepEqual(await axe_violations(visitor), []);
  await Promise.all([visitor.waitForURL((url) => url.href.startsWith(callback)), visitor.click('button[value="allow"]')]);
  const back = new URL(visitor.url()).searchParams;
  assert.equal(back.get("state"), "하나 & 둘");
  const grant = { grant_type: "authorization_code", code: back.get("code"), client_id: app.client_id, client_secret: app.client_secret,
    redirect_uri: callback, code_verifier: verifier };
  const token = (await api.post("/oauth/token", grant)).body;
  assert.equal(token.scope, "read");
  assert.equal((await api.as(token.access_token).get("/api/v1/accounts/verify_credentials")).body.username, "sehyun");
  assert.equal((await api.as(token.access_token).post("/api/v1/statuses", { status: "may not" })).status, 403);
  assert.deepEqual(complaints, []);

  // In the settings it stands among what is signed in, and ends there.
  await visitor.goto(`${jebi.url}/settings`);
  const row = visitor.locator(".sessions li", { hasText: "Wren" });
  assert.equal(await row.count(), 1);
  await Promise.all([visitor.waitForNavigation(), row.locator('button[type="submit"]').click()]);
  assert.equal(await visitor.locator(".sessions li", { hasText: "Wren" }).count(), 0);
  assert.equal((await api.as(token.access_token).get("/api/v1/accounts/verify_credentials")).status, 401);
  await context.close();
});

await check("saying no leads back to the program without a code", async () => {
  await page.goto(authorize);
  await Promise.all([page.waitForURL((url) => url.href.startsWith(callback)), page.click('button[value="deny"]')]);
  const back = new URL(page.url()).searchParams;
  assert.equal(back.get("error"), "access_denied");
  assert.equal(back.get("code"), null);
  assert.equal(back.get("state"), "하나 & 둘");
});

await check("an address that is not the program's is told of on a page, and never gone to", async () => {
  const elsewhere = new URLSearchParams(question);
  elsewhere.set("redirect_uri", "https://evil.example/back");
  await page.goto(`${jebi.url}/oauth/authorize?${elsewhere}`);
  assert.equal(new URL(page.url()).origin, jebi.url);
  assert.ok((await page.locator("main h1").innerText()).length > 0);
  assert.equal(await page.locator('button[value="allow"]').count(), 0);
});

await browser.close();
program.close();
await jebi.stop();
finish();

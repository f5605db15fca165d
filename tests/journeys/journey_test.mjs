// A person's way through jebi in a real browser, with and without JavaScript: sign up, write, edit, delete, sign out
// and in, come back after a restart, change things, and leave. In Korean.
import assert from "node:assert/strict";

import { Api } from "../lib/api.mjs";
import { launch, visit } from "../lib/browser.mjs";
import { check, eventually, finish } from "../lib/checks.mjs";
import { Jebi } from "../lib/jebi.mjs";

const password = "제비는 봄에 돌아온다, 매년";
const display_name = "김세현 🐦";
const first_text = "첫 소식입니다 👩‍👩‍👧‍👦🇰🇷 #제비 @mira 와 함께 https://example.org/길";
const edited_text = "고친 소식입니다 🌸 #제비 #봄 @mira";

const browser = await launch("journeys in a browser");

for (const script of [true, false]) await journey(script ? "with JavaScript" : "without JavaScript", script);

await browser.close();
finish();

async function journey(manner, script) {
  let jebi = await Jebi.start();
  await new Api(jebi.url).sign_up("mira", { display_name: "미라" });
  const { context, page, complaints } = await visit(browser, { script });

  const go = (path) => page.goto(jebi.url + path);
  const path = () => decodeURI(new URL(page.url()).pathname);
  const send = (form) => page.locator(`${form} button[type=submit]`).click();
  const tweet = (text) => page.locator("article.tweet", { hasText: text });
  const step = (name, body) => check(`${manner}: ${name}`, body);

  async function write(text) {
    await go("/");
    await page.fill("form.compose textarea", text);
    await send("form.compose");
    await page.locator(".notice").waitFor();
    assert.equal(path(), "/");
  }

  async function sign_in(name, secret = password) {
    await go("/login");
    await page.fill("#username_or_email", name);
    await page.fill("#password", secret);
    await send('form[action="/users/sessions"]');
  }

  // What only a signed-in person sees.
  const is_signed_in = async () => (await page.locator('header a[href="/settings"]').count()) === 1;

  await step("the first page welcomes a visitor in Korean and leads to signing up", async () => {
    await go("/");
    assert.equal(await page.locator("html").getAttribute("lang"), "ko");
    assert.match(await page.locator("h1").innerText(), /[가-힣]/);
    await page.locator('main a[href="/signup"]').first().click();
    assert.equal(path(), "/signup");
  });

  await step("a refused sign-up keeps what was typed, but the password, and says why beside the field", async () => {
    await page.fill("#display_name", display_name);
    await page.fill("#username", "admin");
    await page.fill("#email", "sehyun@example.org");
    await page.fill("#password", password);
    await send('form[action="/users"]');
    assert.equal(await page.inputValue("#display_name"), display_name);
    assert.equal(await page.inputValue("#username"), "admin");
    assert.equal(await page.inputValue("#email"), "sehyun@example.org");
    assert.equal(await page.inputValue("#password"), "");
    assert.match(await page.locator("#username-error").innerText(), /[가-힣]/);
    assert.equal(await page.locator("#username").getAttribute("aria-invalid"), "true");
    assert.equal(await page.locator('[aria-invalid="true"]').count(), 1);
    assert.ok(!(await page.content()).includes(password));
  });

  await step("signing up with a Korean display name signs in", async () => {
    await page.fill("#username", "Sehyun");
    await page.fill("#password", password);
    await send('form[action="/users"]');
    assert.equal(path(), "/");
    assert.ok(await is_signed_in());
    await go("/users/sehyun");
    assert.equal(await page.locator("h1").innerText(), display_name);
  });

  await step("a tweet in Korean shows its emoji, hashtag, mention and link", async () => {
    await write(first_text);
    const mine = tweet("첫 소식입니다");
    assert.equal(await mine.locator(".text").innerText(), first_text);
    assert.match(await mine.locator(".name").innerText(), /김세현/);
    const links = await mine.locator(".text a").evaluateAll((all) => all.map((a) => [a.textContent, decodeURI(a.getAttribute("href"))]));
    assert.ok(links.some(([text, to]) => text === "#제비" && to === "/tweets/hashtag/제비"), JSON.stringify(links));
    assert.ok(links.some(([text, to]) => text === "@mira" && to === "/users/mira"), JSON.stringify(links));
    assert.ok(links.some(([, to]) => to.startsWith("https://example.org/")), JSON.stringify(links));
  });

  await step("its hashtag and its mention lead on", async () => {
    await tweet("첫 소식입니다").locator("a", { hasText: "#제비" }).click();
    assert.equal(path(), "/tweets/hashtag/제비");
    assert.equal(await tweet("첫 소식입니다").count(), 1);
    await tweet("첫 소식입니다").locator("a", { hasText: "@mira" }).click();
    assert.equal(await page.locator("h1").innerText(), "미라");
  });

  await step("a tweet that is too long comes back with its text and the reason", async () => {
    const long = "가".repeat(141);
    await go("/");
    await page.fill("form.compose textarea", long);
    await send("form.compose");
    assert.equal(await page.inputValue("#text"), long);
    assert.match(await page.locator("#text-error").innerText(), /280/);
    await go("/");
    assert.equal(await tweet(long).count(), 0);
  });

  if (script) {
    await step("the counter counts as the server does", async () => {
      await go("/");
      await page.fill("form.compose textarea", "가나다 👩‍👩‍👧‍👦 a");
      assert.equal(await page.locator(".c-number").innerText(), String(280 - (6 + 1 + 2 + 1 + 1)));
      await page.fill("form.compose textarea", "가".repeat(141));
      assert.equal(await page.locator(".c-number").innerText(), "-2");
    });
  }

  await step("an edited tweet shows its new text and that it was edited", async () => {
    await go("/");
    await tweet("첫 소식입니다").locator("summary").click();
    await tweet("첫 소식입니다").locator('a[href$="/edit"]').click();
    assert.equal(await page.inputValue("#text"), first_text);
    await page.fill("#text", edited_text);
    await send("main form");
    assert.match(path(), /^\/tweets\/\d+$/);
    assert.ok((await page.locator("main").innerText()).includes(edited_text));
    await go("/");
    assert.equal(await tweet(first_text).count(), 0);
    assert.match(await tweet("고친 소식입니다").locator(".when").innerText(), /·/);
    await go("/tweets/hashtag/봄");
    assert.equal(await tweet("고친 소식입니다").count(), 1);
  });

  await step("a deleted tweet is gone, after asking", async () => {
    await write("지울 소식");
    await tweet("지울 소식").locator("time").click();
    const permalink = path();
    await go(`${permalink}/delete`);
    assert.ok((await page.locator("main").innerText()).includes("지울 소식"));
    await send("main form");
    await go("/");
    assert.equal(await tweet("지울 소식").count(), 0);
    assert.equal((await go(permalink)).status(), 404);
  });

  await step("only the author is offered to edit, and nobody else is let", async () => {
    const { context: other, page: theirs } = await visit(browser, { script });
    await theirs.goto(`${jebi.url}/`);
    const permalink = await theirs.locator("article.tweet .when a").first().getAttribute("href");
    assert.equal(await theirs.locator('a[href$="/edit"]').count(), 0);
    await theirs.goto(`${jebi.url}${permalink}/edit`);
    assert.equal(new URL(theirs.url()).pathname, "/login");
    await other.close();
  });

  await step("signing out asks, and then one is a visitor", async () => {
    await go("/logout");
    assert.ok(await is_signed_in(), "GET /logout alone changes nothing");
    await send("main form");
    assert.ok(!(await is_signed_in()));
    await go("/settings");
    assert.equal(path(), "/login");
  });

  await step("a wrong password keeps the name and does not say which of both was wrong", async () => {
    await sign_in("sehyun", "this is not it");
    assert.equal(await page.inputValue("#username_or_email"), "sehyun");
    assert.equal(await page.inputValue("#password"), "");
    const said = await page.locator("main").innerText();
    await sign_in("nobody_here", "this is not it");
    assert.equal((await page.locator("main").innerText()).replace("nobody_here", "sehyun"), said);
    assert.ok(!(await is_signed_in()));
  });

  await step("one signs in by e-mail and goes on where one wanted to", async () => {
    await go("/settings");
    await page.fill("#username_or_email", "sehyun@example.org");
    await page.fill("#password", password);
    await send('form[action="/users/sessions"]');
    assert.equal(path(), "/settings");
    assert.ok(await is_signed_in());
  });

  await step("after a restart, everything is still there, the session too", async () => {
    assert.equal(await jebi.stop("SIGTERM"), 0);
    jebi = await Jebi.start({ data: jebi.data });
    await go("/");
    assert.ok(await is_signed_in());
    assert.equal(await tweet("고친 소식입니다").locator(".text").innerText(), edited_text);
    assert.match(await tweet("고친 소식입니다").locator(".name").innerText(), /김세현/);
    assert.equal(await page.locator("article.tweet").count(), 1);
    await go("/userslist");
    assert.equal(await page.locator(".people li").count(), 2);
  });

  await step("profile, language and look are changed in the settings", async () => {
    await go("/settings");
    await page.fill("#display_name", "세현");
    await page.fill("#bio", "강남에서 온 제비");
    await page.fill("#link", "https://example.org/sehyun");
    await send('form[action="/settings/profile"]');
    await go("/users/sehyun");
    assert.equal(await page.locator("h1").innerText(), "세현");
    assert.ok((await page.locator("main").innerText()).includes("강남에서 온 제비"));
    await go("/settings");
    await page.locator('label:has(input[value="en"])').click();
    await page.locator('label:has(input[value="dark"])').click();
    await send('form[action="/settings/look"]');
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
    await go("/?lang=ko");
    await go("/");
    assert.equal(await page.locator("html").getAttribute("lang"), "ko");
  });

  await step("a refused link keeps the whole profile as typed", async () => {
    await go("/settings");
    await page.fill("#bio", "아직 저장하지 않은 소개");
    await page.fill("#link", "ftp://example.org/");
    await send('form[action="/settings/profile"]');
    assert.equal(await page.inputValue("#bio"), "아직 저장하지 않은 소개");
    assert.equal(await page.inputValue("#link"), "ftp://example.org/");
    assert.match(await page.locator("#link-error").innerText(), /[가-힣]/);
  });

  await step("a new password ends the other sessions and is the one that counts", async () => {
    const { context: phone, page: on_phone } = await visit(browser, { script });
    await on_phone.goto(`${jebi.url}/login`);
    await on_phone.fill("#username_or_email", "sehyun");
    await on_phone.fill("#password", password);
    await on_phone.locator('form[action="/users/sessions"] button[type=submit]').click();
    await go("/settings");
    assert.equal(await page.locator(".sessions > li").count(), 2);
    await page.fill("#current_password", password);
    await page.fill("#new_password", `${password}!`);
    await send('form[action="/settings/password"]');
    await go("/settings");
    assert.equal(await page.locator(".sessions > li").count(), 1);
    await on_phone.goto(`${jebi.url}/settings`);
    assert.equal(new URL(on_phone.url()).pathname, "/login");
    await phone.close();
  });

  await step("five people a page", async () => {
    const api = new Api(jebi.url);
    for (let i = 1; i <= 4; ++i) await api.sign_up(`person_${i}`);
    await go("/userslist");
    assert.equal(await page.locator(".people li").count(), 5);
    await page.locator('.pager a[rel="next"]').click();
    assert.equal(await page.locator(".people li").count(), 1);
    assert.match(await page.locator(".people").innerText(), /@mira/);
  });

  await step("leaving asks for the password, and takes the person's tweets along", async () => {
    await go("/settings/delete");
    await page.fill("#password", "this is not it");
    await send("main form");
    assert.match(await page.locator("#password-error").innerText(), /[가-힣]/);
    await page.fill("#password", `${password}!`);
    await send("main form");
    assert.ok(!(await is_signed_in()));
    assert.equal((await go("/users/sehyun")).status(), 404);
    const api = new Api(jebi.url);
    await eventually(async () => (await api.get("/api/v1/tweets")).body.tweets.length === 0, "the end of their tweets");
    const again = await api.post("/api/v1/users", { username: "sehyun", email: "new@example.org", password });
    assert.equal(again.status, 409, "the name is given to nobody else");
  });

  await step("no page complained to the browser", async () => assert.deepEqual(complaints, []));

  await context.close();
  await jebi.stop();
}

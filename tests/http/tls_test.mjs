// jebi with a certificate: https alone, verified by the other side, and what browsers are told by it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import https from "node:https";
import net from "node:net";
import { join } from "node:path";
import tls from "node:tls";

import { password_of } from "../lib/api.mjs";
import { Authority, has_openssl } from "../lib/certificates.mjs";
import { check, finish, skip } from "../lib/checks.mjs";
import { Jebi, run, temporary_folder } from "../lib/jebi.mjs";

const missing = spawnSync("curl", ["--version"]).error ? "curl" : has_openssl() ? null : "openssl";
if (missing) {
  skip("https", `there is no ${missing} (./dev test installs it)`);
  finish();
}

const ours = new Authority();
const server = ours.make("server"), other = ours.make("other");
const authority = ours.roots;
const files_of = ({ cert, key }) => ["--tls-cert", cert, "--tls-key", key];

const jebi = await Jebi.start({ args: files_of(server) });
const port = Number(new URL(jebi.url).port);

// {status, fields, text} over TLS that is verified against the authority.
function ask(method, path, { fields = {}, body = "", at = jebi.url } = {}) {
  return new Promise((resolve, reject) => {
    const headers = { "Content-Length": Buffer.byteLength(body), ...fields };
    const request = https.request(at + path, { method, headers, ca: authority, agent: false }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (piece) => (text += piece));
      answer.once("end", () => resolve({ status: answer.statusCode, fields: answer.headers, text }));
      answer.once("error", reject);
    });
    request.once("error", reject);
    request.end(body);
  });
}

// Why no TLS connection comes about; null when one does.
function handshake_refused(options) {
  return new Promise((resolve) => {
    const socket = tls.connect({ port, host: "127.0.0.1", ca: authority, ...options }, () => {
      socket.destroy();
      resolve(null);
    });
    socket.once("error", (error) => resolve(error.code));
  });
}

const curl = (...args) =>
  spawnSync("curl", ["--silent", "--show-error", "--max-time", "20", ...args], { encoding: "utf8" });

await check("the ready line says https, and curl that is told the authority gets an answer", async () => {
  assert.match(jebi.url, /^https:\/\/127\.0\.0\.1:\d+$/);
  const { status, stdout, stderr } = curl("--cacert", ours.roots_file, "--write-out", "%{http_code} %{ssl_verify_result}",
    `${jebi.url}/api/v1/tweets`);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /"tweets":\[\].*200 0$/s);
});

await check("who does not know the authority is refused by curl's own check", () => {
  const { status, stderr } = curl(`${jebi.url}/livez`);
  assert.equal(status, 60, stderr);
});

await check("TLS 1.2 and 1.3 are spoken, and nothing older", async () => {
  for (const version of ["TLSv1.2", "TLSv1.3"]) {
    assert.equal(await handshake_refused({ minVersion: version, maxVersion: version }), null, version);
  }
  for (const version of ["TLSv1", "TLSv1.1"]) {
    const refusal = await handshake_refused({ minVersion: version, maxVersion: version, ciphers: "ALL:@SECLEVEL=0" });
    assert.equal(refusal, "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", version);
  }
  const static_key = { maxVersion: "TLSv1.2", ciphers: "AES128-SHA:AES256-GCM-SHA384:@SECLEVEL=0" };
  assert.notEqual(await handshake_refused(static_key), null, "a key exchange without forward secrecy");
});

await check("plain HTTP at the same port gets no answer", async () => {
  const heard = await new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1", () => socket.write("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    let text = "";
    socket.setEncoding("latin1");
    socket.on("data", (piece) => (text += piece));
    socket.once("error", () => resolve(text));
    socket.once("close", () => resolve(text));
  });
  assert.ok(!heard.includes("HTTP/"), heard);
  assert.equal((await ask("GET", "/livez")).status, 200);
});

// A browser's way in: the page, its cookie and its form.
async function signing_up(origin) {
  const page = await ask("GET", "/signup");
  const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)[1];
  const username = "nari";
  const form = new URLSearchParams({ csrf, username, email: "nari@example.org", password: password_of(username) });
  const cookie = page.fields["set-cookie"].map((field) => field.split(";")[0]).join("; ");
  const fields = { Cookie: cookie, Origin: origin, "Content-Type": "application/x-www-form-urlencoded" };
  const answer = await ask("POST", "/users", { fields, body: form.toString() });
  return { answer, cookies: [...page.fields["set-cookie"], ...(answer.fields["set-cookie"] ?? [])] };
}

await check("a form from an http page of the same host is another site's", async () => {
  assert.equal((await signing_up(jebi.url.replace("https:", "http:"))).answer.status, 403);
});

await check("cookies go over https alone, and are bound to this host", async () => {
  const { answer, cookies } = await signing_up(jebi.url);
  assert.equal(answer.status, 303, answer.text);
  const session = cookies.find((cookie) => cookie.startsWith("__Host-jebi="));
  assert.ok(session, cookies.join("\n"));
  for (const cookie of cookies) {
    assert.match(cookie, /; Secure(;|$)/, cookie);
    assert.match(cookie, /; Path=\/(;|$)/, cookie);
    assert.doesNotMatch(cookie, /Domain/i, cookie);
  }
  const home = await ask("GET", "/settings", { fields: { Cookie: session.split(";")[0] } });
  assert.equal(home.status, 200);
  const plain = session.split(";")[0].replace("__Host-", "");
  assert.notEqual((await ask("GET", "/settings", { fields: { Cookie: plain } })).status, 200, "a cookie without the prefix");
});

await check("addresses in answers begin with https", async () => {
  const { fields, text } = await ask("GET", "/openapi.json");
  assert.match(fields["content-type"], /json/);
  assert.ok(!text.includes(`http://127.0.0.1:${port}`), "an address in an answer begins with http");
});

await check("browsers are told to stay with https, but not by a trial on a loopback address", async () => {
  assert.equal((await ask("GET", "/")).fields["strict-transport-security"], undefined);
  const behind_proxy = [...files_of(server), "--web-secure", "--web-hsts-days"];
  for (const [days, told] of [["30", "max-age=2592000"], ["0", undefined]]) {
    const front = await Jebi.start({ args: [...behind_proxy, days] });
    assert.equal((await ask("GET", "/", { at: front.url })).fields["strict-transport-security"], told);
    assert.equal(await front.stop(), 0);
  }
});

await check("a stop waits for nobody who is connected and silent", async () => {
  const second = await Jebi.start({ args: files_of(server) });
  const silent = tls.connect({ port: Number(new URL(second.url).port), host: "127.0.0.1", ca: authority });
  await new Promise((resolve, reject) => silent.once("secureConnect", resolve).once("error", reject));
  silent.on("error", () => {});
  assert.equal(await second.stop(), 0);
});

// ---- What is wrong with the files is said before anything is made ----

async function refused(args, words) {
  const data = join(temporary_folder(), "data");
  const { code, out, err } = await run(["up", "--listen", "127.0.0.1:0", "--data", data, ...args]);
  assert.equal(code, 2, `exit code ${code}\n${out}${err}`);
  for (const word of words) assert.ok(err.includes(word), `no "${word}" in: ${err}`);
  assert.ok(err.trim().split("\n").length <= 3, `more than three lines: ${err}`);
  assert.ok(!existsSync(data), "the data folder was made all the same");
}

writeFileSync(ours.file("text.pem"), "no certificate");
for (const [what, args, words] of [
  ["a certificate without a key", ["--tls-cert", server.cert], ["tls.cert is set", "tls.key"]],
  ["a key without a certificate", ["--tls-key", server.key], ["tls.key is set", "tls.cert"]],
  ["a certificate that is not there", files_of({ cert: ours.file("none.pem"), key: server.key }), ["none.pem", "No such file"]],
  ["a key that is not there", files_of({ cert: server.cert, key: ours.file("none.key") }), ["none.key", "No such file"]],
  ["a file that is no certificate", files_of({ cert: ours.file("text.pem"), key: server.key }), ["text.pem", "PEM"]],
  ["a key of another certificate", files_of({ cert: server.cert, key: other.key }), ["other.key", "server.pem", "do not belong together"]],
]) {
  await check(`${what} is refused`, () => refused(args, words));
}

assert.equal(await jebi.stop(), 0);
finish();

// Our server, called by curl: what the documents show, and what only curl would send.
import assert from "node:assert/strict";

import { ran } from "./programs.mjs";

// Runs curl; answers the status and the body.
async function curled(address, method, ...args) {
  const unix = address.startsWith("unix:") ? ["--unix-socket", address.slice("unix:".length)] : [];
  const host = unix.length ? "jebi" : address;
  const url = `http://${host}/jebi.rpc.testing.v1.Echo/${method}`;
  const { code, output } = await ran("curl", ["-sS", "-w", "\n%{http_code}", ...unix, ...args, url]);
  assert.equal(code, 0, output);
  const [body, status] = [output.slice(0, output.lastIndexOf("\n")), Number(output.slice(output.lastIndexOf("\n") + 1))];
  return { body, status };
}

const json = ["-H", "Content-Type: application/json"];

export const curlChecks = [
  ["curl: JSON in, JSON out", async ({ address }) => {
    const { status, body } = await curled(address, "Say", ...json, "-H", "Jebi-User: 7", "-d", '{"text":"안녕"}');
    assert.equal(status, 200);
    const reply = JSON.parse(body);
    assert.deepEqual([reply.said, reply.userId], [{ text: "안녕" }, "7"]);
  }],
  ["curl: a body in chunks", async ({ address }) => {
    const chunked = ["-H", "Transfer-Encoding: chunked", "-d", '{"text":"abc"}'];
    const { body } = await curled(address, "Say", ...json, ...chunked);
    assert.equal(JSON.parse(body).said.text, "abc");
  }],
  ["curl: an answer in gzip", async ({ address }) => {
    const { status, body } = await curled(address, "Large", ...json, "--compressed", "-d", '{"bytes":100000}');
    assert.equal(status, 200);
    assert.equal(JSON.parse(body).text.length, 100_000);
  }],
  ["curl: an error", async ({ address }) => {
    const { status, body } = await curled(address, "Fail", ...json, "-d", '{"code":"not_found","message":"Gone."}');
    assert.equal(status, 404);
    assert.deepEqual(JSON.parse(body), { code: "not_found", message: "Gone." });
  }],
  ["curl: the server keeps the deadline", async ({ address }) => {
    const { status, body } = await curled(address, "Wait", ...json, "-H", "Connect-Timeout-Ms: 30", "-d", "{}");
    assert.equal(status, 504);
    assert.equal(JSON.parse(body).code, "deadline_exceeded");
  }],
  ["curl: 415, 405, 404, 400", async ({ address }) => {
    assert.equal((await curled(address, "Say", "-d", "text=abc")).status, 415);
    assert.equal((await curled(address, "Say")).status, 405);
    assert.equal((await curled(address, "Shout", ...json, "-d", "{}")).status, 404);
    assert.equal((await curled(address, "Say", ...json, "-d", "{")).status, 400);
  }],
];

// Our WebSockets against the npm package ws, which is what most programs in Node speak with.
import assert from "node:assert/strict";

import { started } from "../connect/programs.mjs";
import { Authority, has_openssl } from "../lib/certificates.mjs";
import { check, finish, skip } from "../lib/checks.mjs";
import { need, required } from "../lib/packages.mjs";

need(["ws"], "WebSockets with ws");
const WebSocket = required("ws");
const server = await started(process.argv[2], []);

// A connection that is open, and its messages in their order.
async function opened(protocols = [], options = {}, at = `ws://${server.address}`) {
  const socket = new WebSocket(`${at}/ws`, protocols, options);
  const heard = [];
  const waiting = [];
  socket.on("message", (bytes, is_binary) => {
    const message = is_binary ? bytes : bytes.toString();
    if (waiting.length > 0) waiting.shift()(message);
    else heard.push(message);
  });
  const closed = new Promise((resolve) => socket.on("close", (code, reason) => resolve([code, reason.toString()])));
  await new Promise((resolve, reject) => socket.on("open", resolve).on("error", reject));
  socket.on("error", () => {});
  const next = () => (heard.length > 0 ? heard.shift() : new Promise((resolve) => waiting.push(resolve)));
  return { socket, next, closed };
}

await check("text and binary come back as they were, of every length", async () => {
  const { socket, next } = await opened();
  for (const size of [0, 1, 125, 126, 127, 4096, 65_535, 65_536]) {
    const text = "x".repeat(size);
    socket.send(text);
    assert.equal(await next(), text);
    socket.send(Buffer.alloc(size, 0xff));
    assert.deepEqual(await next(), Buffer.alloc(size, 0xff));
  }
  socket.send("제비 🐦");
  assert.equal(await next(), "제비 🐦");
  socket.terminate();
});

await check("a message in pieces is put together, with a ping between them answered", async () => {
  const { socket, next } = await opened();
  const ponged = new Promise((resolve) => socket.once("pong", resolve));
  socket.send("one ", { fin: false });
  socket.ping("there?");
  socket.send("two", { fin: true });
  assert.equal((await ponged).toString(), "there?");
  assert.equal(await next(), "one two");
  socket.terminate();
});

await check("the subprotocol is echoed", async () => {
  const { socket } = await opened(["a-token", "another"]);
  assert.equal(socket.protocol, "a-token");
  socket.terminate();
});

await check("compression is offered by the client and not taken", async () => {
  const { socket, next } = await opened([], { perMessageDeflate: true });
  assert.equal(socket.extensions, "");
  socket.send("plain");
  assert.equal(await next(), "plain");
  socket.terminate();
});

await check("the client closes, and its code comes back", async () => {
  const { socket, closed } = await opened();
  socket.close(4001, "enough");
  assert.equal((await closed)[0], 4001);
});

await check("the server closes with a code and a reason", async () => {
  const { socket, closed } = await opened();
  socket.send("close 1008");
  assert.deepEqual(await closed, [1008, "as you wish"]);
});

await check("too large a message is closed with 1009", async () => {
  const { socket, closed } = await opened();
  socket.send("x".repeat(65_537));
  assert.equal((await closed)[0], 1009);
});

await check("many messages arrive in their order", async () => {
  const { socket, next } = await opened();
  socket.send("send 500");
  for (let i = 0; i < 500; i += 1) assert.equal(await next(), `message ${i}`);
  socket.terminate();
});

if (!has_openssl()) {
  skip("WebSockets over TLS", "there is no openssl (./dev test installs it)");
} else {
  await check("over TLS, with the certificate verified, all is the same", async () => {
    const authority = new Authority();
    const { cert, key } = authority.make("server");
    const secured = await started(process.argv[2], [cert, key]);
    const at = `wss://${secured.address}`;
    await assert.rejects(opened([], {}, at), /certificate/);
    const { socket, next, closed } = await opened(["a-token"], { ca: authority.roots }, at);
    assert.equal(socket.protocol, "a-token");
    socket.send("x".repeat(65_536));
    assert.equal((await next()).length, 65_536);
    socket.send("send 200");
    for (let i = 0; i < 200; i += 1) assert.equal(await next(), `message ${i}`);
    await secured.stop();
    assert.equal((await closed)[0], 1001);
  });
}

await check("a server that stops closes with 1001", async () => {
  const { closed } = await opened();
  await server.stop();
  assert.equal((await closed)[0], 1001);
});

finish();

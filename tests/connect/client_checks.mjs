// Our server, called by connect-node: each check is [name, async function of a setting].
import assert from "node:assert/strict";

import { connect, connectNode, protobuf } from "./packages.mjs";

const { Code, ConnectError } = connect;

// A client of the server at `address` ("127.0.0.1:1234" or "unix:/path").
export function clientOf(Echo, address, options) {
  const socketPath = address.startsWith("unix:") ? address.slice("unix:".length) : undefined;
  const transport = connectNode.createConnectTransport({
    httpVersion: "1.1",
    baseUrl: socketPath ? "http://jebi" : `http://${address}`,
    nodeOptions: socketPath ? { socketPath } : {},
    ...options,
  });
  return connect.createClient(Echo, transport);
}

const everything = {
  text: '안녕, "jebi" \\ \n \u{1F426} </script>',
  signedNumber: -(2n ** 63n),
  unsignedNumber: 2n ** 64n - 1n,
  realNumber: -0.1,
  yes: true,
  raw: new Uint8Array([0, 255, 128, 13, 10]),
  mood: 2,
  lines: [{ text: "first", marks: [] }, { text: "", marks: [0, 4294967295] }],
  counts: { 한: -1n, "": 2n ** 63n - 1n },
  maybe: 0,
  either: { case: "line", value: { text: "the second of the either", marks: [] } },
};

// Our codes by name, and Connect's that they are sent as.
const codes = [
  ["invalid", Code.InvalidArgument],
  ["unauthenticated", Code.Unauthenticated],
  ["forbidden", Code.PermissionDenied],
  ["not_found", Code.NotFound],
  ["conflict", Code.AlreadyExists],
  ["exhausted", Code.ResourceExhausted],
  ["deadline", Code.DeadlineExceeded],
  ["unavailable", Code.Unavailable],
  ["internal", Code.Internal],
];

async function errorOf(answer) {
  const error = await answer.then(() => assert.fail("it went well"), (reason) => reason);
  assert.ok(error instanceof ConnectError, `${error}`);
  return error;
}

export const clientChecks = [
  ["every kind of field comes back", async ({ client, schema }) => {
    const request = protobuf.create(schema.SayRequest, everything);
    const { said } = await client.say(request);
    assert.ok(protobuf.equals(schema.SayRequest, said, request));
  }],
  ["the caller's fields arrive", async ({ client }) => {
    const traceId = "0af7651916cd43dd8448eb211c80319c";
    const headers = {
      "Jebi-User": "9007199254740993",
      "Idempotency-Key": "key-1",
      traceparent: `00-${traceId}-b7ad6b7169203331-01`,
    };
    const reply = await client.say({}, { headers, timeoutMs: 5_000 });
    assert.equal(reply.userId, 9007199254740993n);
    assert.equal(reply.idempotencyKey, "key-1");
    assert.equal(reply.traceparent.split("-")[1], traceId);
    assert.ok(reply.timeLeftMs > 0n && reply.timeLeftMs <= 5_000n, `${reply.timeLeftMs}`);
  }],
  ["without a deadline the server's own holds", async ({ client }) => {
    const reply = await client.say({});
    assert.ok(reply.timeLeftMs > 0n && reply.timeLeftMs <= 10_000n, `${reply.timeLeftMs}`);
  }],
  ["every code arrives with message and details", async ({ client, schema }) => {
    for (const [code, expected] of codes) {
      const asked = { code, message: "그런 것은 없습니다", reason: "gone", field: "id", retryAfterS: 17n, detail: "secret" };
      const error = await errorOf(client.fail(asked));
      assert.equal(error.code, expected, code);
      assert.equal(error.rawMessage, asked.message);
      const [info, ...others] = error.findDetails(schema.ErrorInfo);
      assert.equal(others.length, 0);
      assert.deepEqual([info.reason, info.field, info.retryAfterS], ["gone", "id", 17n]);
      assert.equal(error.metadata.get("retry-after"), "17");
    }
  }],
  ["a deadline ends the call", async ({ client }) => {
    assert.equal((await errorOf(client.wait({}, { timeoutMs: 50 }))).code, Code.DeadlineExceeded);
  }],
  ["a long answer arrives whole", async ({ client }) => {
    const reply = await client.large({ bytes: 3_000_000 });
    assert.equal(reply.text, "a".repeat(3_000_000));
  }],
  ["a long request arrives whole", async ({ client }) => {
    const text = "한".repeat(1_000_000);
    assert.equal((await client.say({ text })).said.text, text);
  }],
  ["an exception tells nothing", async ({ client }) => {
    const error = await errorOf(client.throw({}));
    assert.equal(error.code, Code.Internal);
    assert.ok(!error.message.includes("secret"));
  }],
  ["many calls at once are not mixed up", async ({ client }) => {
    const replies = await Promise.all(Array.from({ length: 200 }, (_, i) => client.say({ text: `call ${i}` })));
    replies.forEach((reply, i) => assert.equal(reply.said.text, `call ${i}`));
  }],
];

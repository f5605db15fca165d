// node echo_server.mjs BUILD_DIR [SOCKET]: Echo (kit/rpc/testing/echo.proto) as somebody else would write it, on
// connect-node. Listens on the Unix socket, or on a free port; prints where; ends when its standard input does.
import { createServer } from "node:http";

import { connect, connectNode } from "./packages.mjs";
import { schemaFrom } from "./schema.mjs";

const { Code, ConnectError } = connect;
const { Echo, ErrorInfo } = schemaFrom(process.argv[2]);

const codes = {
  invalid: Code.InvalidArgument,
  unauthenticated: Code.Unauthenticated,
  forbidden: Code.PermissionDenied,
  not_found: Code.NotFound,
  conflict: Code.AlreadyExists,
  exhausted: Code.ResourceExhausted,
  deadline: Code.DeadlineExceeded,
  unavailable: Code.Unavailable,
  internal: Code.Internal,
};

const untilTheTimeIsUp = (signal) =>
  new Promise((done) => (signal.aborted ? done() : signal.addEventListener("abort", done, { once: true })));

const echo = {
  say(said, { requestHeader, timeoutMs }) {
    return {
      said,
      userId: BigInt(requestHeader.get("jebi-user") ?? 0),
      idempotencyKey: requestHeader.get("idempotency-key") ?? "",
      traceparent: requestHeader.get("traceparent") ?? "",
      timeLeftMs: BigInt(timeoutMs() ?? 0),
    };
  },
  fail({ code, message, reason, field, retryAfterS }) {
    const details = [{ desc: ErrorInfo, value: { reason, field, retryAfterS } }];
    throw new ConnectError(message, codes[code] ?? Code.InvalidArgument, undefined, details);
  },
  async wait(_, { signal }) {
    await untilTheTimeIsUp(signal);
    throw new ConnectError("The time was up.", Code.DeadlineExceeded);
  },
  large: ({ bytes }) => ({ text: "a".repeat(bytes) }),
  throw() {
    throw new Error("a secret of the inside");
  },
};

const server = createServer(connectNode.connectNodeAdapter({ routes: (router) => router.service(Echo, echo) }));
const socket = process.argv[3];
server.listen(socket ?? { host: "127.0.0.1", port: 0 }, () => {
  const { port } = server.address();
  console.log(`listening ${socket ? `unix:${socket}` : `127.0.0.1:${port}`}`);
});
process.stdin.on("end", () => process.exit(0)).resume();

// What a service without rows shows: the one line in each language, and a button that sends an event.
import { follow, send } from "./ask.js";
import { by_id, copied, element, say, tabs } from "./page.js";

const here = location.origin;
const lines = {
  Node: `fetch("${here}/log", { method: "POST", body: JSON.stringify({ ip: req.ip, originalUrl: req.originalUrl, userID: req.user?._id }) }).catch(() => {});`,
  Python: `urllib.request.urlopen("${here}/log", json.dumps({"ip": ip, "originalUrl": url, "userID": user_id}).encode(), timeout=1)`,
  Go: `go http.Post("${here}/log", "application/json", strings.NewReader(\`{"originalUrl": "/users/42"}\`))`,
  Java: `HttpClient.newHttpClient().sendAsync(HttpRequest.newBuilder(URI.create("${here}/log")).POST(BodyPublishers.ofString("{\\"originalUrl\\": \\"/users/42\\"}")).build(), BodyHandlers.discarding());`,
  PHP: `file_get_contents("${here}/log", false, stream_context_create(["http" => ["method" => "POST", "content" => json_encode(["originalUrl" => $_SERVER["REQUEST_URI"]]), "timeout" => 0.5]]));`,
  "C++": `httplib::Client("${here}").Post("/log", R"({"originalUrl": "/users/42"})", "application/json");`,
  curl: `curl ${here}/log -d '{"ip": "203.0.113.7", "originalUrl": "/users/42", "userID": "42"}'`,
};

// Until the first row arrives; then `arrived` is told.
export function show_empty(arrived) {
  const list = by_id("empty-tabs"), panel = by_id("empty-panel"), waiting = new AbortController();
  list.replaceChildren(...Object.keys(lines).map((name, i) => element("button", { type: "button", role: "tab", id: `line-${i}`, "aria-controls": "empty-panel" }, name)));
  const select = tabs(list, choose);
  function choose(tab) {
    select(tab);
    panel.setAttribute("aria-labelledby", tab.id);
    by_id("empty-code").textContent = lines[tab.textContent];
  }
  choose(list.firstChild);
  const done = () => {
    if (waiting.signal.aborted) return;
    waiting.abort();
    by_id("empty").hidden = true;
    arrived();
  };
  by_id("empty-copy").onclick = async () => void (by_id("empty-copy").textContent = await copied(by_id("empty-code").textContent));
  by_id("empty-test").onclick = async () => {
    try {
      await send({ service: "test", level: "info", message: say("test_message"), method: "GET", originalUrl: "/hello", status: 200, latency_ms: 1.5, ip: "203.0.113.7", userID: "42" });
      by_id("trouble").hidden = true;
      done();
    } catch (error) {
      by_id("trouble").hidden = false;
      by_id("trouble").textContent = `${say("test_failed")} ${error.message}`;
    }
  };
  by_id("empty").hidden = false;
  follow("", 0, waiting.signal, done, () => {});
}

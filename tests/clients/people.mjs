// What all clients are tried on: a jebi with people, one of whom sits at a browser and lets the client in.
import { Pages } from "../lib/pages.mjs";
import { Api } from "../lib/api.mjs";
import { check, skip } from "../lib/checks.mjs";
import { Jebi } from "../lib/jebi.mjs";

export const out_of_band = "urn:ietf:wg:oauth:2.0:oob";
export const korean = "봄이 왔어요 🐦 #제비";

// By TLS where over_tls_test.mjs has made a certificate for it.
const { JEBI_TEST_TLS_CERT: cert, JEBI_TEST_TLS_KEY: key } = process.env;
export const is_secure = Boolean(cert);

// {jebi, visitor, mira, joon}: mira will use the client, joon does something for her to see. Both as our own API has them.
export async function start() {
  const jebi = await Jebi.start({ args: is_secure ? ["--tls-cert", cert, "--tls-key", key] : [] });
  const visitor = new Api(jebi.url);
  const mira = await visitor.sign_up("mira", { display_name: "미라" });
  const joon = await visitor.sign_up("joon", { display_name: "준" });
  return { jebi, visitor, mira, joon };
}

// A check of what a module does, or a line that says that this program has none.
export async function check_where(visitor, path, name, body) {
  const { status } = await visitor.get(path);
  if (status === 503) skip(name, "the module behind it is not part of this program");
  else await check(name, body);
}
export const searching = "/api/v2/search?q=x";

// What a person does whom a client has sent to this address: looks at the page, and says yes. Answers the code.
export async function allow(jebi, person, address) {
  const pages = new Pages(jebi.url, person.token);
  const page = await pages.get(address.slice(jebi.url.length));
  if (page.status !== 200) throw new Error(`the page to say yes on: ${page.status} ${page.body}`);
  const fields = [...page.body.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)].map(([, name, value]) => [name, plain(value)]);
  const answer = await pages.send("POST", "/oauth/authorize", { ...Object.fromEntries(fields), answer: "allow" });
  const shown = /<code>([^<]+)<\/code>/.exec(answer.body);
  const sent = answer.fields.get("location");
  if (!shown && !sent) throw new Error(`no code: ${answer.status} ${answer.body}`);
  return shown ? plain(shown[1]) : new URL(sent).searchParams.get("code");
}

// A tweet by somebody, through our own API; the id.
export async function tweet(person, text, reply_to) {
  const answer = await person.post("/api/v1/tweets", { text, ...(reply_to ? { reply_to } : {}) });
  if (answer.status !== 201) throw new Error(`tweet: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body.id;
}

// "127.0.0.1:12345": how clients name an instance.
export const host_of = (jebi) => new URL(jebi.url).host;

const plain = (text) =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&amp;", "&");

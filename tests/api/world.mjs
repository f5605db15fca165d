// A small world of people who are something to each other, and every route of the program: what the tests of authorisation
// and abuse share. The routes come from the program's own tables: /openapi.json for the API, /dev/routes for the rest.
import { Api, password_of } from "../lib/api.mjs";
import { Jebi } from "../lib/jebi.mjs";
import { Pages } from "../lib/pages.mjs";

// Roles, and the user names of those who play them.
export const names = { owner: "minji", confidant: "haneul", another: "daniel", blocked: "brutus" };
export const words_of = (who) => `words of ${who} for everybody`;
// What nobody but the owner (and the confidant) may ever be shown.
export const secrets = ["owner@secret.example", "a secret between two", "secret-agent/1.0"];

export const prefixes_of_programs = ["/api/", "/apiv1/", "/oauth/", "/openapi.json", "/.well-known/", "/nodeinfo"];
const prefixes_of_operators = ["/livez", "/readyz", "/healthz", "/metrics", "/dev/", "/assets/"];

export class World {
  static async make({ args = [] } = {}) {
    const jebi = await Jebi.start({ args: ["--dev", "--web-api-requests-max", "0", ...args] });
    const world = new World(jebi);
    await world.#populate();
    await world.#read_routes();
    return world;
  }

  constructor(jebi) {
    this.jebi = jebi;
    this.visitor = new Api(jebi.url);
  }

  // owner wrote a tweet and a message to confidant, has two sessions, and has blocked `blocked`. another is a stranger.
  async #populate() {
    for (const [role, name] of Object.entries(names)) {
      this[role] = await this.visitor.sign_up(name, role === "owner" ? { email: secrets[0] } : {});
    }
    this.user_ids = {};
    for (const [role, name] of Object.entries(names)) this.user_ids[role] = (await this.visitor.get(`/api/v1/users/${name}`)).body.id;
    const sign_in = { username: names.owner, password: password_of(names.owner) };
    await created(this.visitor.post("/api/v1/sessions", sign_in, { "User-Agent": secrets[2] }));
    const { sessions } = (await this.owner.get("/api/v1/sessions")).body;
    this.session_id = sessions.find(({ user_agent }) => user_agent === secrets[2]).id;
    for (const role of Object.keys(names)) {
      this[`tweet_of_${role}`] = (await created(this[role].post("/api/v1/tweets", { text: words_of(role) }))).id;
    }
    this.message_id = (await created(this.owner.post(`/api/v1/messages/${names.confidant}`, { text: secrets[1] }))).id;
    await this.owner.put("/api/v1/profile", { display_name: "The Owner", bio: "mine", link: "https://owner.example/" });
    await this.owner.put(`/api/v1/users/${names.confidant}/follow`);
    await this.owner.put(`/api/v1/users/${names.blocked}/block`);
  }

  async #read_routes() {
    const { paths } = (await this.visitor.get("/openapi.json")).body;
    // Streams have no end that one could wait for; who may listen is in tests/mastodon/streaming_test.cpp.
    const is_stream = ({ tags }) => tags.includes("streaming");
    this.operations = Object.entries(paths).flatMap(([pattern, methods]) =>
      Object.entries(methods).filter(([, about]) => !is_stream(about)).map(([method, about]) => operation(method.toUpperCase(), pattern, about)));
    const lines = (await this.visitor.get("/dev/routes")).body.trim().split("\n").map((line) => line.split(" "));
    const is_page = ([, pattern]) => ![...prefixes_of_programs, ...prefixes_of_operators].some((prefix) => pattern.startsWith(prefix));
    this.pages = lines.filter(is_page).map(([method, pattern]) => ({ method, pattern, id: `${method} ${pattern}` }));
  }

  // The pattern with what belongs to the owner in its place; the owner's own view has somebody else's name there.
  path(pattern, viewer) {
    return pattern
      .replace("sessions/{id}", `sessions/${this.session_id}`)
      .replace("accounts/{id}", `accounts/${this.user_ids[viewer === "owner" ? "confidant" : "owner"]}`)
      .replace("{id}", this.tweet_of_owner)
      .replace("{name}", viewer === "owner" ? names.confidant : names.owner)
      .replace(/\{[a-z_]+\}/g, "x");
  }

  // All that is the owner's and not to be changed by others, as text. Counts are no such thing, nor what others write to them.
  async snapshot() {
    const parts = await Promise.all([
      `/api/v1/users/${names.owner}`, `/api/v1/users/${names.owner}/following`, `/api/v1/tweets?author=${names.owner}`,
      "/api/v1/sessions", `/api/v1/messages/${names.confidant}`,
      `/api/v1/users/${names.blocked}/relationship`, `/api/v1/users/${names.confidant}/relationship`,
    ].map(async (path) => [path, (await this.owner.get(path)).body]));
    for (const [, { sessions }] of parts) sessions?.sort((a, b) => (a.id < b.id ? -1 : 1));  // they come by last use
    const counted = ["replies", "favourites", "reposts", "last_used_at", "followed_by", "blocked_by", "next"];
    return JSON.stringify(parts, (name, value) => (counted.includes(name) ? undefined : value), 1);
  }

  // A new session of somebody, for what may end it.
  async session_of(role, fields = {}) {
    if (role === "visitor") return this.visitor;
    const sign_in = { username: names[role], password: password_of(names[role]) };
    return this.visitor.as((await created(this.visitor.post("/api/v1/sessions", sign_in, fields))).token);
  }

  // A browser in which that person is signed in.
  browser(who) {
    return new Pages(this.jebi.url, who === "visitor" ? null : this[who].token);
  }
}

function operation(method, pattern, about) {
  const schema = Object.values(about.requestBody?.content ?? {})[0]?.schema;
  return {
    method,
    pattern,
    id: `${method} ${pattern}`,
    for_visitors: (about.security ?? []).some((way) => Object.keys(way).length === 0),
    success: Number(Object.keys(about.responses).find((status) => status.startsWith("2"))),
    body: schema?.properties ?? null,
    query: (about.parameters ?? []).filter((parameter) => parameter.in === "query"),
  };
}

async function created(answer) {
  const { status, body } = await answer;
  if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
}

// The fields Set-Cookie of an answer of fetch(), each by itself. Debian 12's Node has no getSetCookie(); there they come as one text,
// with a comma between two. Cookies of jebi have no comma in them: it gives them a Max-Age, and no date.
export function set_cookies(headers) {
  if (headers.getSetCookie) return headers.getSetCookie();
  return (headers.get("set-cookie") ?? "").split(/, (?=[^;,=\s]+=)/).filter((field) => field !== "");
}

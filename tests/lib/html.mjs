// Reads a page as a browser's tokenizer does (the HTML standard, 13.2.5), as far as one must to see which elements and
// attributes it has, whatever somebody has put into it.

const raw_until = { script: /<\/script[\s/>]/i, style: /<\/style[\s/>]/i, textarea: /<\/textarea[\s/>]/i, title: /<\/title[\s/>]/i };

// [{name, attributes: [[name, value]]}] of every start tag, in their order; names are lower case.
export function tags_of(html) {
  const tags = [];
  let at = 0;
  while ((at = html.indexOf("<", at)) >= 0) {
    if (html.startsWith("<!--", at)) {
      at = after(html, "-->", at + 4);
    } else if (/^<[a-z]/i.test(html.slice(at, at + 2))) {
      const tag = tag_at(html, at + 1);
      tags.push({ name: tag.name, attributes: tag.attributes });
      at = tag.end;
      const raw = raw_until[tag.name];
      if (raw) at += Math.max(0, html.slice(at).search(raw));
    } else if (/^<[!/?]/.test(html.slice(at, at + 2))) {
      at = after(html, ">", at + 2);
    } else {
      at += 1;
    }
  }
  return tags;
}

// The text of an attribute or an element with its references resolved, as far as our pages use them.
export function unescaped(text) {
  const named = { lt: "<", gt: ">", quot: '"', amp: "&", apos: "'", nbsp: "\u00a0" };
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (all, decimal, hex, name) =>
    (decimal ? String.fromCodePoint(decimal) : hex ? String.fromCodePoint(Number.parseInt(hex, 16)) : named[name] ?? all));
}

function tag_at(html, begin) {
  const name = /^[^\s/>]*/.exec(html.slice(begin, begin + 100))[0].toLowerCase();
  const attributes = [];
  const attribute = /[\s/]*([^\s/>=][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?/y;
  attribute.lastIndex = begin + name.length;
  let end = attribute.lastIndex;
  for (let found; (found = attribute.exec(html)); end = attribute.lastIndex) {
    attributes.push([found[1].toLowerCase(), unescaped(found[2] ?? found[3] ?? found[4] ?? "")]);
  }
  return { name, attributes, end: after(html, ">", end) };
}

function after(html, what, from) {
  const found = html.indexOf(what, from);
  return found < 0 ? html.length : found + what.length;
}

/** The text of an HTML message, for readers without HTML. */

const entities: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
};
const newLines: Readonly<Record<string, string>> = {
  br: "\n",
  tr: "\n",
  li: "\n",
  div: "\n",
  p: "\n\n",
  table: "\n\n",
  ul: "\n\n",
  ol: "\n\n",
  ...Object.fromEntries([1, 2, 3, 4, 5, 6].map((level) => [`h${level}`, "\n\n"])),
};

/** Turns HTML into text: tags go, blocks become lines, and links keep where they lead. */
export function plainText(html: string): string {
  const text = html
    .replace(/\s+/g, " ")
    .replace(/<!--.*?-->|<[!?][^<>]*>/g, "")
    .replace(/<(style|script|head|title)\b[^<>]*>.*?<\/\1 ?>/gi, "")
    .replace(/<a\b([^<>]*)>(.*?)<\/a ?>/gi, (_link, attributes, inner) =>
      linkText(attributes, inner),
    )
    .replace(/<\/?([a-z][a-z0-9]*)\b[^<>]*>/gi, (_tag, name) => newLines[name.toLowerCase()] ?? "");
  return tidy(decode(text));
}

function linkText(attributes: string, inner: string): string {
  const [, , href = ""] = /\bhref ?= ?(["'])(.*?)\1/i.exec(attributes) ?? [];
  const leads = /^ ?https?:/i.test(href) && href !== inner;
  return leads ? `${inner} (${href.trim()})` : inner;
}

/** All in one pass, so that what was escaped twice stays escaped once. */
function decode(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));/gi, (entity, ...groups) => {
    const [decimal, hex, name] = groups as (string | undefined)[];
    if (name !== undefined) return entities[name.toLowerCase()] ?? entity;
    const point = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : entity;
  });
}

function tidy(text: string): string {
  const lines = text.split("\n").map((line) => line.replace(/ {2,}/g, " ").trim());
  return lines
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

/** Reading JSON from strangers: valid UTF-8, bounded depth, no key twice. */

export class JsonFault extends Error {}

const [QUOTE, COLON, OPEN_LIST, BACKSLASH, CLOSE_LIST] = [0x22, 0x3a, 0x5b, 0x5c, 0x5d];
const [OPEN_OBJECT, CLOSE_OBJECT] = [0x7b, 0x7d];

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/** Parses JSON bytes, refusing invalid UTF-8, a depth beyond `maxDepth` and duplicate keys (which parsers disagree about). */
export function parseJson(bytes: Uint8Array, maxDepth: number): unknown {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw new JsonFault("invalid UTF-8");
  }
  refuseDepthAndDuplicates(text, maxDepth);
  try {
    return JSON.parse(text);
  } catch {
    throw new JsonFault("not JSON");
  }
}

/**
 * One pass over the text before JSON.parse, which recurses and keeps the last of two equal keys.
 * Only strings and brackets matter here; whatever else is wrong JSON.parse finds.
 */
function refuseDepthAndDuplicates(text: string, maxDepth: number): void {
  const open: (Set<string> | undefined)[] = [];
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) {
      i = passString(text, i, open.at(-1));
    } else if (c === OPEN_OBJECT || c === OPEN_LIST) {
      if (open.length === maxDepth) throw new JsonFault("too deep");
      open.push(c === OPEN_OBJECT ? new Set() : undefined);
    } else if (c === CLOSE_OBJECT || c === CLOSE_LIST) {
      open.pop();
    }
  }
}

/** Passes the string that starts here, noting it if it is a key of the object that is open; answers where it ends. */
function passString(text: string, start: number, keys: Set<string> | undefined): number {
  const end = endOfString(text, start);
  if (keys && isKey(text, end + 1)) addOnce(keys, text.slice(start, end + 1));
  return end;
}

/** A quote ends a string unless an odd number of backslashes stands before it. */
function endOfString(text: string, start: number): number {
  for (let i = text.indexOf('"', start + 1); i > 0; i = text.indexOf('"', i + 1)) {
    let from = i;
    while (text.charCodeAt(from - 1) === BACKSLASH) from--;
    if ((i - from) % 2 === 0) return i;
  }
  throw new JsonFault("unterminated string");
}

function isKey(text: string, from: number): boolean {
  let i = from;
  while (i < text.length && " \t\r\n".includes(text.charAt(i))) i++;
  return text.charCodeAt(i) === COLON;
}

function addOnce(keys: Set<string>, raw: string): void {
  let key: string;
  try {
    // Unescaped, since "a" and "\u0061" are one key.
    key = raw.includes("\\") ? String(JSON.parse(raw)) : raw.slice(1, -1);
  } catch {
    throw new JsonFault("bad key");
  }
  if (keys.has(key)) throw new JsonFault("duplicate key");
  keys.add(key);
}

/** What an image is by its first bytes, whatever it is called. */

export type ImageType = "ICO" | "JPEG" | "PNG" | "SVG" | "WEBP";

export const mediaTypes: Readonly<Record<ImageType, string>> = {
  ICO: "image/x-icon",
  JPEG: "image/jpeg",
  PNG: "image/png",
  SVG: "image/svg+xml",
  WEBP: "image/webp",
};

const starts: readonly (readonly [ImageType, number, string])[] = [
  ["PNG", 0, "89504e470d0a1a0a"],
  ["JPEG", 0, "ffd8ff"],
  ["ICO", 0, "00000100"],
  ["WEBP", 8, "57454250"],
];

/** The type of an image; undefined for whatever is none of these. */
export function imageTypeOf(bytes: Uint8Array): ImageType | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 4096));
  const found = starts.find(([, at, hex]) => head.toString("hex", at).startsWith(hex));
  if (found) return found[0];
  return isSvg(head.toString("utf8")) ? "SVG" : undefined;
}

/** Its element may have a byte order mark, a declaration, comments and a document type before it. */
function isSvg(text: string): boolean {
  const prolog = /\s+|<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!DOCTYPE\s+svg\b[^>[]*>/iy;
  let at = text.startsWith("\ufeff") ? 1 : 0;
  for (;;) {
    prolog.lastIndex = at;
    const part = prolog.exec(text);
    if (part === null) break;
    at = prolog.lastIndex;
  }
  return /^<svg[\s>/]/.test(text.slice(at, at + 5));
}

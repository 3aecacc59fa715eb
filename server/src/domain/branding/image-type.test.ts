import { expect, it } from "vitest";
import { ico, jpeg, png, svg, webp } from "../../testing/images.ts";
import { imageTypeOf } from "./image-type.ts";

it("knows an image by what it is", () => {
  expect([png, jpeg, ico, webp, svg].map(imageTypeOf)).toEqual([
    "PNG",
    "JPEG",
    "ICO",
    "WEBP",
    "SVG",
  ]);
});

it.each([
  ["nothing", ""],
  ["half a signature", "\x89PNG"],
  ["text", "hello"],
  ["a page", "<!doctype html><svg>"],
  ["a page with an SVG in a comment", "<!-- <svg> --><html>"],
  ["an open comment", `<!-- ${"-".repeat(10_000)}`],
  ["an open declaration", `<?${"?".repeat(10_000)}`],
  ["many spaces", " ".repeat(10_000)],
  ["a document type with entities", '<!DOCTYPE svg [<!ENTITY a "b">]><svg>'],
])("knows no image in %s", (_what, text) => {
  expect(imageTypeOf(Buffer.from(text, "latin1"))).toBeUndefined();
});

it("looks at bytes within a larger buffer", () => {
  const larger = Buffer.concat([Buffer.alloc(7), png, Buffer.alloc(7)]);
  expect(imageTypeOf(new Uint8Array(larger.buffer, larger.byteOffset + 7, png.length))).toBe("PNG");
});

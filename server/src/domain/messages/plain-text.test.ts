import { expect, test } from "vitest";
import { plainText } from "./plain-text.ts";

test("text without markup stays as it is", () => {
  expect(plainText("Your confirmation code is 012345")).toBe("Your confirmation code is 012345");
});

test("tags go and blocks become lines", () => {
  const html = `<!doctype html><html><head><title>Hi</title><style>p { color: red }</style></head>
    <body><h1>Welcome</h1><p>Hello  <b>Ada</b>,<br/>use\n012345.</p><ul><li>one</li><li>two</li></ul>
    <script>alert("x < y")</script></body></html>`;
  expect(plainText(html)).toBe("Welcome\n\nHello Ada,\nuse 012345.\n\none\n\ntwo");
});

test("a link keeps where it leads, once", () => {
  expect(plainText(`<a class="b" href="https://x.example/?a=1&amp;b=2">Confirm</a>.`)).toBe(
    "Confirm (https://x.example/?a=1&b=2).",
  );
  expect(plainText(`<a href='https://x.example'>https://x.example</a>`)).toBe("https://x.example");
  expect(plainText(`<a href="javascript:alert(1)">Confirm</a>`)).toBe("Confirm");
});

test("what was escaped reads as it was meant, and is not unescaped twice", () => {
  expect(plainText("a&lt;b&amp;c&gt;9 &quot;&#39;&#x41;&nbsp;&unknown; &amp;lt;")).toBe(
    `a<b&c>9 "'A &unknown; &lt;`,
  );
  expect(plainText("&#0; &#9999999;")).toBe("&#0; &#9999999;");
});

test("the longest message of only opening brackets, and unclosed tags, take no time to speak of", () => {
  expect(plainText("<".repeat(20_000))).toHaveLength(20_000);
  expect(plainText("<a href=".repeat(2_500))).toHaveLength(20_000);
  expect(plainText("<a>".repeat(7_000))).toBe("");
  expect(plainText("<style>".repeat(3_000))).toBe("");
  expect(plainText("&".repeat(20_000))).toHaveLength(20_000);
});

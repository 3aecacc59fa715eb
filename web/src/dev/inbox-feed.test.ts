import { expect, test } from "vitest";
import { type Message, merge, safeLink } from "./inbox-feed.ts";

function message(id: string): Message {
  return {
    id,
    to: "a@b.c",
    channel: "email",
    subject: null,
    body: "",
    code: null,
    link: null,
    at: "",
  };
}

test("new messages come first, and one that comes twice is shown once", () => {
  const merged = merge([message("3"), message("2")], [message("2"), message("1")]);
  expect(merged.map(({ id }) => id)).toEqual(["3", "2", "1"]);
});

test("a link that would run code instead of opening a page is dropped", () => {
  expect(safeLink("https://localhost:8443/confirm?code=1")).toBe(
    "https://localhost:8443/confirm?code=1",
  );
  for (const link of ["javascript:alert(1)", "data:text/html,<script>", "/relative", "", null]) {
    expect(safeLink(link)).toBeUndefined();
  }
});

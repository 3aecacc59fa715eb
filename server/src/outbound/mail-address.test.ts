import { expect, test } from "vitest";
import { Undeliverable } from "../domain/messages/sender.ts";
import { checkedAddress, readMailbox } from "./mail-address.ts";

test("usual addresses pass byte for byte", () => {
  for (const address of [
    "ada@example.com",
    "Ada.Lovelace+news@Mail.Example.com",
    "o'neil{x}|y`z@example.com",
    "ada@localhost",
    "ada@bücher.example",
    "ada@xn--bcher-kva.example",
  ]) {
    expect(checkedAddress(address)).toBe(address);
  }
});

test("whatever could be read as another mailbox, or as more than one, is refused", () => {
  for (const address of [
    "",
    "ada",
    "@example.com",
    "ada@",
    "ada@example.com,eve@evil.example",
    "ada@example.com;eve@evil.example",
    "ada@example.com\r\nBcc: eve@evil.example",
    "ada@example.com\0",
    "ada@example.com ",
    "ada @example.com",
    "<ada@example.com>",
    "Ada <eve@evil.example>",
    `"eve@evil.example x"@example.com`,
    "eve@evil.example@example.com",
    "eve%evil@[127.0.0.1]",
    "group:ada@example.com",
    "ada@example.com(comment)",
    "ada@exa mple.com",
    // Mapped to another address when looked up or upper-cased.
    "ada@ｅxample.com",
    "ada@example。com",
    "ada＠example.com",
    "mıke@example.com",
    "ada@exam\u00adple.com",
    `${"a".repeat(65)}@example.com`,
    `ada@${"a.".repeat(130)}com`,
  ]) {
    expect(() => checkedAddress(address), address).toThrow(Undeliverable);
  }
});

test("a sender is an address, or a name with one", () => {
  expect(readMailbox("shop@example.com")).toEqual({ name: "", address: "shop@example.com" });
  expect(readMailbox("The Shop <shop@example.com>")).toEqual({
    name: "The Shop",
    address: "shop@example.com",
  });
  expect(readMailbox(`"Shop, Ltd." <shop@example.com>`)).toEqual({
    name: "Shop, Ltd.",
    address: "shop@example.com",
  });
  expect(() => readMailbox("Shop <shop@example.com>, Eve <eve@evil.example>")).toThrow();
  expect(() => readMailbox("Shop\r\nBcc: eve@evil.example <shop@example.com>")).toThrow();
});

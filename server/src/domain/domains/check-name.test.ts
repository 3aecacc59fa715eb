import { expect, test } from "vitest";
import { checkCustomName } from "./check-name.ts";

const at = { publicUrl: "https://id.shop.example:8443" };

test.each([
  "id.shop.example",
  "x.auth.id.shop.example",
  "a.b.auth.id.shop.example",
  "s3.id.shop.example",
  "bucket.s3.id.shop.example",
])("%s is a name of the server at id.shop.example, and no custom domain", (name) => {
  expect(() => checkCustomName(name, at)).toThrow("is a name of this server");
});

test.each(["login.shop.example", "auth.id.shop.example", "notid.shop.example", "shop.example"])(
  "%s may be a custom domain there",
  (name) => {
    expect(() => checkCustomName(name, at)).not.toThrow();
  },
);

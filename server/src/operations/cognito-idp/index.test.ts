import { expect, test } from "vitest";
import { cognitoIdp } from "./index.ts";

test("no operation is both offered and called unsupported", () => {
  const both = Object.keys(cognitoIdp.operations).filter((name) =>
    Object.hasOwn(cognitoIdp.unsupported, name),
  );
  expect(both).toEqual([]);
  expect(Object.keys(cognitoIdp.unsupported)).toContain("CreateIdentityProvider");
});

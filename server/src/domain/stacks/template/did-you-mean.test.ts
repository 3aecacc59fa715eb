import { describe, expect, it } from "vitest";
import { didYouMean } from "./did-you-mean.ts";

const known = ["UserPoolName", "MinimumLength", "MfaConfiguration", "Schema"];

describe("didYouMean", () => {
  it.each([
    ["UserPoolNam", "UserPoolName"],
    ["userpoolname", "UserPoolName"],
    ["UesrPoolName", "UserPoolName"],
    ["MinLength", "MinimumLength"],
    ["MFAConfig", "MfaConfiguration"],
    ["Schemas", "Schema"],
  ])("takes %s for %s", (name, expected) => {
    expect(didYouMean(name, known)).toBe(`; did you mean ${expected}?`);
  });

  it.each(["Password", "x".repeat(49), "Tags"])(
    "says nothing where nothing is near: %s",
    (name) => {
      expect(didYouMean(name, known)).toBe("");
    },
  );
});

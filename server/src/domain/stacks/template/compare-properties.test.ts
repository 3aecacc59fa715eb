import { describe, expect, it } from "vitest";
import { compareProperties } from "./compare-properties.ts";

describe("compareProperties", () => {
  it("finds nothing between equal properties, whatever the order of their keys", () => {
    expect(
      compareProperties(
        "AWS::Cognito::UserPool",
        {
          UserPoolName: "a",
          Policies: { PasswordPolicy: { MinimumLength: 8, RequireNumbers: true } },
        },
        {
          Policies: { PasswordPolicy: { RequireNumbers: true, MinimumLength: 8 } },
          UserPoolName: "a",
        },
      ),
    ).toEqual({ changed: [], replacing: [], refused: [] });
  });

  it("tells changes in place from replacements", () => {
    expect(
      compareProperties(
        "AWS::Cognito::UserPoolClient",
        { UserPoolId: "p", GenerateSecret: false, CallbackURLs: ["a"], ClientName: "c" },
        { UserPoolId: "p", GenerateSecret: true, CallbackURLs: ["a", "b"] },
      ),
    ).toEqual({
      changed: ["CallbackURLs", "ClientName"],
      replacing: ["GenerateSecret"],
      refused: [],
    });
  });

  it("names what no pool can change once it exists", () => {
    expect(
      compareProperties(
        "AWS::Cognito::UserPool",
        { UsernameAttributes: ["email"], UsernameConfiguration: { CaseSensitive: true } },
        { UsernameConfiguration: { CaseSensitive: false }, AliasAttributes: ["email"] },
      ),
    ).toEqual({
      changed: [],
      replacing: [],
      refused: ["AliasAttributes", "UsernameAttributes", "UsernameConfiguration"],
    });
  });

  it("replaces users and memberships for any change", () => {
    const before = { UserPoolId: "p", Username: "u", GroupName: "g" };
    const after = { UserPoolId: "p", Username: "v", GroupName: "h" };
    expect(
      compareProperties("AWS::Cognito::UserPoolUserToGroupAttachment", before, after).replacing,
    ).toEqual(["GroupName", "Username"]);
  });
});

import { expect, test } from "vitest";
import { functionArn, isArnLike, readFunctionArn } from "./arn.ts";

const account = "123456789012";
const region = "us-east-1";
const arn = functionArn({ region, name: "by-invitation" }, account);

test("an ARN names a function of this account", () => {
  const named = { region, name: "by-invitation" };
  expect(arn).toBe("arn:aws:lambda:us-east-1:123456789012:function:by-invitation");
  expect(readFunctionArn(arn, account)).toEqual(named);
  expect(readFunctionArn(`${arn}:$LATEST`, account)).toEqual(named);
});

test.each([
  "",
  "by-invitation",
  `${arn}:`,
  `${arn}:live`,
  `${arn}:1`,
  `${arn}:$LATEST:1`,
  `${arn}\n`,
  ` ${arn}`,
  arn.replace(account, "210987654321"),
  arn.replace("arn:aws:", "arn:aws-cn:"),
  arn.replace(":lambda:", ":s3:"),
  arn.replace(":function:", ":layer:"),
  arn.replace("by-invitation", "a/b"),
  arn.replace("by-invitation", "a".repeat(65)),
  arn.replace(region, ""),
])("%j names none", (text) => {
  expect(readFunctionArn(text, account)).toBeUndefined();
});

const pool = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_AbC";

test.each([
  pool,
  "arn:aws:cognito-idp:us-east-1:123456789012:userpool/*",
  "arn:aws:cognito-idp:*:*:*",
  "arn:*:*:*:*:*",
  "arn:aws:cognito-idp:us-*-1:123456789012:userpool/us-east-1_???",
  "arn:aws:cognito-idp:us-east-1:123456789012:*_AbC",
  "arn:aws:cognito-idp:us-east-1:123456789012:**",
])("the pool is like %s", (pattern) => {
  expect(isArnLike(pool, pattern)).toBe(true);
});

test.each([
  "",
  "*",
  "arn:aws:*",
  pool.slice(0, -1),
  `${pool}d`,
  `${pool}?`,
  pool.toLowerCase(),
  // A star stands for text of its own part alone.
  "arn:aws:cognito-idp:*:userpool/us-east-1_AbC",
  "arn:aws:s3:us-east-1:123456789012:*",
  "arn:aws:cognito-idp:eu-*:123456789012:*",
  "arn:aws:cognito-idp:us-east-1:210987654321:*",
  "arn:aws:cognito-idp:us-east-1::*",
])("the pool is not like %s", (pattern) => {
  expect(isArnLike(pool, pattern)).toBe(false);
});

test("no pattern takes long", () => {
  const pattern = `arn:aws:a:b:c:${"*a".repeat(250)}b`;
  expect(isArnLike(`arn:aws:a:b:c:${"a".repeat(2000)}`, pattern)).toBe(false);
});

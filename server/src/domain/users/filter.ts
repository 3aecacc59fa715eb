/** The filter of ListUsers: one clause, `attribute = "value"` or `attribute ^= "prefix"`. */
import { invalidParameter } from "../../errors/cognito-idp.ts";
import { searchableAttributes } from "./attributes.ts";

type AttributeName = (typeof searchableAttributes)[number];

/** `status` is whether the user is enabled, as AWS's API names it; `cognito:user_status` is UserStatus. */
type FilterKey = AttributeName | "username" | "sub" | "status" | "cognito:user_status";

export type UserFilter = {
  readonly key: FilterKey;
  readonly value: string;
  /** Whether `value` need only be the beginning. */
  readonly isPrefix: boolean;
};

const keys: readonly FilterKey[] = [
  ...searchableAttributes,
  "username",
  "sub",
  "status",
  "cognito:user_status",
];

/** Name, operator, and a value in double quotes in which a backslash stands before a quote or a backslash. */
const clause = /^\s*([^\s=^"]+)\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*$/su;

/** Reads a filter; an empty one is none. */
export function parseFilter(text: string): UserFilter | undefined {
  if (text.trim() === "") return undefined;
  const [, name = "", operator = "", quoted = ""] = clause.exec(text) ?? [];
  if (name === "") throw invalidParameter("Error while parsing filter.");
  const key = keys.find((each) => each === name);
  if (key === undefined) throw invalidParameter(`Invalid search attribute: ${name}`);
  const value = quoted.replace(/\\(.)/gsu, "$1");
  return { key, value, isPrefix: operator === "^=" };
}

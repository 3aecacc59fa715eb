/** Reading what functions answer: a member is absent, of its type, or the whole answer is refused. */
import { unrecognizableLambdaOutput } from "../../errors/cognito-idp.ts";
import { isRecord } from "./fire.ts";

type Members = Readonly<Record<string, unknown>>;

function member(members: Members, name: string): unknown {
  // Null is how functions in other languages leave a member out.
  return Object.hasOwn(members, name) ? (members[name] ?? undefined) : undefined;
}

/** A flag; false when absent. */
export function flagIn(members: Members, name: string): boolean {
  const value = member(members, name);
  if (value !== undefined && typeof value !== "boolean") throw unrecognizableLambdaOutput();
  return value ?? false;
}

/** A text of at most so many characters. */
export function textIn(members: Members, name: string, characters: number): string | undefined {
  const value = member(members, name);
  if (value === undefined) return undefined;
  if (typeof value !== "string" || value.length > characters || !value.isWellFormed()) {
    throw unrecognizableLambdaOutput();
  }
  return value;
}

/** An object with members of its own. */
export function recordIn(members: Members, name: string): Members | undefined {
  const value = member(members, name);
  if (value !== undefined && !isRecord(value)) throw unrecognizableLambdaOutput();
  return value;
}

/** A list of texts. */
export function textsIn(members: Members, name: string): readonly string[] | undefined {
  const value = member(members, name);
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || !value.every((each) => typeof each === "string")) {
    throw unrecognizableLambdaOutput();
  }
  return value;
}

/** An object of at most so many texts by name; a name that has none is left out. */
export function textsByNameIn(
  members: Members,
  name: string,
  most: number,
): Readonly<Record<string, string>> | undefined {
  const given = recordIn(members, name);
  if (given === undefined) return undefined;
  const entries = Object.entries(given).filter(([, value]) => value !== null);
  const texts = entries.flatMap(([key, value]): [string, string][] =>
    typeof value === "string" && key.isWellFormed() && value.isWellFormed() ? [[key, value]] : [],
  );
  if (texts.length !== entries.length || texts.length > most) throw unrecognizableLambdaOutput();
  return Object.fromEntries(texts);
}

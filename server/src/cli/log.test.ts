import { expect, test } from "vitest";
import type { ServerConfig } from "../config.ts";
import { createLog, forPeople } from "./log.ts";

function logOf(level: ServerConfig["logLevel"] = "info") {
  const lines: string[] = [];
  return { lines, log: createLog(level, { write: (line) => void lines.push(line) }) };
}

/** What the log makes of one event. */
function logged(about: object, message = "happened"): Record<string, unknown> {
  const { lines, log } = logOf();
  log.info(about, message);
  return JSON.parse(lines[0] ?? "") as Record<string, unknown>;
}

const secret = "s3cret-c4nary";
const token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl";

test("a line is JSON with the level and the time in UTC", () => {
  expect(logged({ requestId: "r-1" }, "a call failed")).toMatchObject({
    level: "info",
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    requestId: "r-1",
    msg: "a call failed",
  });
});

test("lower levels are left out", () => {
  const { lines, log } = logOf("error");
  log.info({}, "a");
  log.warn({}, "b");
  log.error({}, "c");
  expect(lines).toHaveLength(1);
  const silent = logOf("silent");
  silent.log.error({}, "d");
  expect(silent.lines).toEqual([]);
});

test.each([
  "password",
  "Password",
  "PreviousPassword",
  "passphrase",
  "SecretHash",
  "clientSecret",
  "AccessToken",
  "refresh_token",
  "authorization",
  "cookie",
  "set-cookie",
  "Session",
  "ConfirmationCode",
  "confirmation_code",
  "privateKey",
  "SrpVerifier",
  "credentials",
  "x-amz-signature",
  "SAMLResponseAssertion",
])("what is called %s is masked, however deep it stands", (name) => {
  const about = { [name]: secret, in: { a: [{ [name]: { deeper: secret } }] } };
  const line = JSON.stringify(logged(about));
  expect(line).not.toContain(secret);
  expect(line).toContain("[masked]");
});

test.each([
  ["a token", `Bearer ${token} was refused`, token],
  ["an encrypted token", `${token}.YWJj.ZGVm`, "ZGVm"],
  ["a password in a URL", `connect postgres://app:${secret}@db/x failed`, secret],
  ["a signature", `Signature=${"ab".repeat(32)}`, "abab"],
])("%s is masked in text, in messages and in errors", (_, text, hidden) => {
  const error = new Error(text, { cause: new Error(text) });
  const line = JSON.stringify(logged({ note: text, list: [text], err: error }, text));
  expect(line).not.toContain(hidden);
});

test("of an error only the known members are shown", () => {
  const error = Object.assign(new TypeError("bad"), { code: "E1", parameters: [secret] });
  const { err } = logged({ err: error });
  expect(err).toMatchObject({ type: "TypeError", message: "bad", code: "E1" });
  expect(err).toHaveProperty("stack", expect.stringContaining("log.test.ts"));
  expect(JSON.stringify(err)).not.toContain(secret);
});

test("a line stays one line, and bounded", () => {
  const { lines, log } = logOf();
  log.info({ name: 'a\r\n{"level":"error"}\u001b[2J', long: "x".repeat(1e6) }, "b\nc");
  expect(lines).toHaveLength(1);
  for (const control of ["\n", "\r", "\u001b"]) {
    expect(lines[0]?.trimEnd()).not.toContain(control);
  }
  expect(lines[0]?.length).toBeLessThan(10_000);
});

test("what refers to itself ends, and bytes are not shown", () => {
  const about: Record<string, unknown> = { key: Buffer.from(secret) };
  about["self"] = about;
  const line = JSON.stringify(logged(about));
  expect(line).toContain("[deep]");
  expect(line).toContain("[bytes]");
});

test("people read a request as method, operation, status and time", () => {
  const { lines, log } = logOf();
  log.info({ method: "POST", route: "/*", operation: "S.SignUp", status: 200, ms: 12 }, "request");
  log.info({ method: "GET", route: "/:poolId/keys", ms: 3 }, "request");
  log.warn({ name: "\u001b[2J" }, "odd");
  const [called, gone, odd] = lines.map(forPeople);
  expect(called).toMatch(/^\d\d:\d\d:\d\d POST S\.SignUp 200 12 ms$/);
  expect(gone).toMatch(/ GET \/:poolId\/keys gone 3 ms$/);
  expect(odd).toMatch(/ warn odd {"name":"\\u001b\[2J"}$/);
});

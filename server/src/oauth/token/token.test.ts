import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestApp, testApp } from "../../testing/app.ts";
import { askToken, machinePool, machineSecret } from "../../testing/oauth.ts";
import type { TestPool } from "../../testing/pools.ts";

let app: TestApp;
let home: TestPool;
beforeEach(async () => {
  app = await testApp();
  home = await machinePool(app);
});
afterEach(() => app.close());

const form = "application/x-www-form-urlencoded";
const fields = () => ({
  ...{ grant_type: "client_credentials", client_id: home.client.id },
  client_secret: machineSecret,
});
const right = () => new URLSearchParams(fields()).toString();

async function send(given: {
  method?: "GET" | "POST" | "PUT" | "DELETE" | "OPTIONS";
  payload?: string | Buffer;
  type?: string | null;
  query?: string;
  headers?: Record<string, string>;
}) {
  const { method = "POST", payload, type = form, query = "", headers = {} } = given;
  const answer = await app.app.inject({
    method,
    url: `/${home.pool.id}/oauth2/token${query}`,
    headers: { ...(type === null ? {} : { "content-type": type }), ...headers },
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: answer.statusCode, headers: answer.headers, text: answer.body };
}

const errorIn = ({ text }: { text: string }) => JSON.parse(text).error;

test("nothing is given by GET, be the whole request in the address", async () => {
  const { status, text } = await send({ method: "GET", query: `?${right()}`, type: null });
  expect(status).toBe(404);
  expect(text).not.toContain("access_token");
});

test("what stands in the address of a POST counts for nothing: addresses are in logs", async () => {
  const answer = await send({ query: `?${right()}`, payload: "" });
  expect({ status: answer.status, error: errorIn(answer) }).toEqual({
    status: 400,
    error: "invalid_request",
  });
});

test.each<[string, () => { payload: string | Buffer; type?: string | null }]>([
  ["JSON", () => ({ payload: JSON.stringify(fields()), type: "application/json" })],
  ["a form that says it is JSON", () => ({ payload: right(), type: "application/json" })],
  ["a form that says it is text", () => ({ payload: right(), type: "text/plain" })],
  ["a form that says nothing", () => ({ payload: right(), type: null })],
  ["a form in parts", () => ({ payload: right(), type: "multipart/form-data; boundary=x" })],
  ["a field twice", () => ({ payload: `${right()}&grant_type=client_credentials` })],
  ["a field that nobody knows twice", () => ({ payload: `${right()}&x=1&x=2` })],
  ["an empty field twice", () => ({ payload: `${right()}&scope=&scope=` })],
  ["a hundred and one fields", () => ({ payload: `${right()}${"&a".repeat(101)}` })],
  ["a form beyond the limit", () => ({ payload: `${right()}&x=${"x".repeat(65_536)}` })],
  ["bytes that are no text", () => ({ payload: Buffer.from([0xff, 0xfe]) })],
  ["escapes that are no text", () => ({ payload: `${right()}&x=%ff` })],
  ["a broken escape", () => ({ payload: `${right()}&x=%4` })],
  ["a zero byte", () => ({ payload: `${right()}&x=%00` })],
  ["nothing", () => ({ payload: "" })],
  ["no grant_type", () => ({ payload: right().replace("grant_type", "grant") })],
])("%s is a bad request", async (_, given) => {
  const answer = await send(given());
  expect({ status: answer.status, error: errorIn(answer) }).toEqual({
    status: 400,
    error: "invalid_request",
  });
  expect(answer.headers["access-control-allow-origin"]).toBe("*");
  expect(answer.headers["cache-control"]).toBe("no-store");
});

test("a body that no form has is cut off", async () => {
  expect((await send({ payload: "x".repeat(1_100_000) })).status).toBe(413);
});

test("a charset after the type is fine", async () => {
  const type = "application/x-www-form-urlencoded; charset=UTF-8";
  expect((await send({ payload: right(), type })).status).toBe(200);
});

test.each([
  "password",
  "implicit",
  "urn:ietf:params:oauth:grant-type:token-exchange",
  "constructor",
  "__proto__",
  "toString",
  "Client_Credentials",
])("there is no grant %s", async (grant_type) => {
  const answer = await askToken(app, home, { ...fields(), grant_type });
  expect(answer).toMatchObject({ status: 400, body: { error: "unsupported_grant_type" } });
});

test("Amplify's preflight is answered, and shows what the error says in both ways", async () => {
  const headers = {
    origin: "https://app.example.com",
    "access-control-request-method": "POST",
    "access-control-request-headers": "content-type,x-amz-user-agent",
  };
  const preflight = await send({ method: "OPTIONS", headers, type: null });
  expect(preflight).toMatchObject({
    status: 204,
    headers: {
      "access-control-allow-origin": "*",
      "access-control-allow-headers": "content-type,x-amz-user-agent",
    },
  });
  const { body } = await askToken(app, home, { client_id: home.client.id });
  expect(body).toEqual({
    error: "invalid_request",
    error_description: "grant_type is missing.",
    error_message: "grant_type is missing.",
  });
});

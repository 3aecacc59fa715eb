/** What strangers may send that no client sends: it is refused for what it is, at once, and never breaks anything. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { challengeNames } from "../../../domain/auth/sign-in.ts";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { password, type TestPool, testPool, testUser } from "../../../testing/pools.ts";
import { askRiddles, riddleSettings } from "../../../testing/riddles.ts";

let app: TestApp;
let home: TestPool;
beforeAll(async () => {
  app = await testApp();
  home = await testPool(app, {
    settings: {
      ...riddleSettings,
      allowedFirstAuthFactors: ["PASSWORD", "EMAIL_OTP", "WEB_AUTHN"],
      deviceConfiguration: {
        challengeRequiredOnNewDevice: true,
        deviceOnlyRememberedOnUserPrompt: false,
      },
    },
    client: {
      preventUserExistenceErrors: "ENABLED",
      explicitAuthFlows: [
        "ALLOW_USER_AUTH",
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_USER_SRP_AUTH",
        "ALLOW_CUSTOM_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
      ],
    },
  });
  await testUser(app, home.pool, { attributes: { email: "ada@example.com" } });
  askRiddles(app);
});
afterAll(() => app.close());

/** A request as it stands on the wire, since no SDK would send some of these. */
async function send(operation: string, payload: string) {
  const answer = await app.app.inject({
    method: "POST",
    url: "/",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `AWSCognitoIdentityProviderService.${operation}`,
    },
    payload,
  });
  return { status: answer.statusCode, body: answer.json(), length: answer.body.length };
}

const begin = (AuthFlow: string, AuthParameters: object) =>
  send("InitiateAuth", JSON.stringify({ ClientId: home.client.id, AuthFlow, AuthParameters }));
const answer = (given: { ChallengeName: string; Session: string; ChallengeResponses: object }) =>
  send("RespondToAuthChallenge", JSON.stringify({ ClientId: home.client.id, ...given }));

const deep = `${"[".repeat(16_000)}${"]".repeat(16_000)}`;
const odd: [string, string][] = [
  ["a hundred kilobytes", "x".repeat(100_000)],
  ["a hundred kilobytes of digits", "1".repeat(100_000)],
  ["characters beyond the first plane", "😀".repeat(50_000)],
  ["depth", deep],
  ["a number of JSON", "1e400"],
  ["an object of JSON with a prototype", '{"__proto__":{"type":"public-key"},"type":"public-key"}'],
  ["null", "null"],
  ["spaces", " ".repeat(5_000)],
  ["marks of direction", "\u202e\u2066ada"],
  ["lines", "a\r\nb: c\r\n\r\nd"],
  ["markup", "<script>alert(1)</script>"],
  ["a pattern's bane", `${"a-".repeat(40_000)}!`],
];

const names = [
  ...["USERNAME", "PASSWORD", "SRP_A", "DEVICE_KEY", "SECRET_HASH", "CHALLENGE_NAME"],
  ...["PREFERRED_CHALLENGE", "REFRESH_TOKEN"],
];
const responses = [
  ...["ANSWER", "PASSWORD", "SRP_A", "PASSWORD_CLAIM_SECRET_BLOCK", "PASSWORD_CLAIM_SIGNATURE"],
  ...["TIMESTAMP", "NEW_PASSWORD", "EMAIL_OTP_CODE", "SMS_OTP_CODE", "SMS_MFA_CODE", "EMAIL"],
  ...["SOFTWARE_TOKEN_MFA_CODE", "CREDENTIAL", "DEVICE_KEY", "USERNAME", "userAttributes.email"],
];

const usual = Object.fromEntries(responses.map((name) => [name, "123456"]));

describe.each(odd)("%s", (_, value) => {
  test("in any parameter of any flow is refused, or counts for nothing", async () => {
    for (const flow of ["USER_PASSWORD_AUTH", "USER_SRP_AUTH", "USER_AUTH", "CUSTOM_AUTH"]) {
      for (const name of names) {
        const given = { USERNAME: "eve", PASSWORD: "wrong", SRP_A: "2", [name]: value };
        const { status, length } = await begin(flow, given);
        expect([200, 400], `${flow} ${name}`).toContain(status);
        expect(length).toBeLessThan(8_000);
      }
    }
    expect((await begin("REFRESH_TOKEN_AUTH", { REFRESH_TOKEN: value })).status).toBe(400);
  });

  test("in any answer to any challenge is refused", async () => {
    for (const ChallengeName of challengeNames) {
      for (const name of responses) {
        const { status, body } = await answer({
          ...{ ChallengeName, Session: "a".repeat(43) },
          ChallengeResponses: { ...usual, [name]: value },
        });
        expect(status, `${ChallengeName} ${name}`).toBe(400);
        expect(body.message.length).toBeLessThan(1_000);
      }
    }
  });

  test("as the answer that is asked for is refused too, and never breaks the server", async () => {
    const asking: [string, string[]][] = [
      ["PASSWORD", ["PASSWORD", "DEVICE_KEY"]],
      ["PASSWORD_SRP", ["SRP_A"]],
      ["WEB_AUTHN", ["CREDENTIAL"]],
      ["EMAIL_OTP", ["EMAIL_OTP_CODE"]],
    ];
    for (const [PREFERRED_CHALLENGE, parameters] of asking) {
      const USERNAME = "eve";
      const asked = await begin("USER_AUTH", { USERNAME, PREFERRED_CHALLENGE });
      const { ChallengeName, Session } = asked.body;
      expect(ChallengeName).toBe(PREFERRED_CHALLENGE);
      for (const name of parameters) {
        const ChallengeResponses = { ...usual, USERNAME, [name]: value };
        const { status } = await answer({ ChallengeName, Session, ChallengeResponses });
        // "1e400" is a number of SRP's.
        expect(status, name).toBe(name === "SRP_A" && value === "1e400" ? 200 : 400);
      }
    }
  });
});

test("thousands of answers are refused unread", async () => {
  const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`N${at}`, "x"]));
  const given = { ChallengeName: "SMS_MFA", Session: "a".repeat(43), ChallengeResponses: many };
  const { status, body } = await answer(given);
  expect(status).toBe(400);
  expect(body.__type).toBe("InvalidParameterException");
  expect((await begin("USER_AUTH", { USERNAME: "ada", ...many })).status).toBe(400);
});

test("names of the language's own are names like any other", async () => {
  const own = '"__proto__":"x","constructor":"x","hasOwnProperty":"x","toString":"x"';
  for (const ChallengeName of ["__proto__", "constructor", "toString", "SIGN_UP"]) {
    const { status } = await answer({
      ...{ ChallengeName, Session: "a".repeat(43) },
      ChallengeResponses: { USERNAME: "ada" },
    });
    expect(status).toBe(400);
  }
  const signIn =
    `{"ClientId":"${home.client.id}","AuthFlow":"USER_PASSWORD_AUTH",` +
    `"AuthParameters":{"USERNAME":"ada","PASSWORD":"${password}",${own}}}`;
  expect((await send("InitiateAuth", signIn)).status).toBe(200);
  const nobody = signIn.replace('"USERNAME":"ada",', '"__proto__ ":"ada",');
  expect((await send("InitiateAuth", nobody)).body.message).toContain("USERNAME");
});

test("a device's name that is no key is cut before it is kept", async () => {
  const begun = await begin("USER_AUTH", { USERNAME: "ada", DEVICE_KEY: "k".repeat(100_000) });
  expect(begun.status).toBe(200);
  const rows = await app.context.store.db.selectFrom("challenges").select("state").execute();
  for (const { state } of rows) expect(state.length).toBeLessThan(4_096);
});

test("odd times are no times", async () => {
  const times = [
    "Tue Feb 30 10:00:00 UTC 2024",
    "Tue Sep 3 24:00:00 UTC 2024",
    "Tue Sep 3 10:00:00 UTC 99999",
    "Tue Sep 3 10:00:00 PST 2024",
    "Tue Sep 3 10:00:00 UTC 2024\n",
    `Tue Sep ${"3".repeat(50_000)} 10:00:00 UTC 2024`,
  ];
  for (const TIMESTAMP of times) {
    const { body } = await answer({
      ...{ ChallengeName: "PASSWORD_VERIFIER", Session: "a".repeat(43) },
      ChallengeResponses: {
        ...{ USERNAME: "ada", PASSWORD_CLAIM_SIGNATURE: "x", PASSWORD_CLAIM_SECRET_BLOCK: "x" },
        TIMESTAMP,
      },
    });
    expect(body.message).toBe("TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.");
  }
});

/** Custom challenges, by the functions of docs/guides/triggers.md: aws-amplify 6 and its older library. */
import { AuthenticationDetails } from "amazon-cognito-identity-js";
import { confirmSignIn, fetchUserAttributes, signIn, signOut } from "aws-amplify/auth";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { configure, done, makeAppPool, makeAppUser } from "./harness/amplify.ts";
import type { AppPool } from "./harness/app-pool.ts";
import { guideExample, putFunction } from "./harness/functions.ts";
import { stepOf, userOf } from "./harness/identity-js.ts";
import { makeFolder, type Server, startServer, stopAll } from "./harness/server.ts";
import { trust } from "./harness/trust.ts";
import { newAddress, password } from "./harness/users.ts";

/** No password: three tries at the badge. */
const badgeAlone = `export const handler = async (event) => {
  const { session } = event.request;
  if (session.at(-1)?.challengeResult) event.response.issueTokens = true;
  else if (session.length < 3) event.response.challengeName = "CUSTOM_CHALLENGE";
  else event.response.failAuthentication = true;
  return event;
};`;

/** What is asked depends on what the app passes along. */
const told = `export const handler = async (event) => {
  const { clientMetadata = {}, privateChallengeParameters } = event.request;
  const { answer } = privateChallengeParameters;
  event.response.answerCorrect = clientMetadata.hint === "yes" && event.request.challengeAnswer === answer;
  return event;
};`;

let server: Server;
/** Asks for the password first, or not. */
let withPassword: AppPool;
let withoutPassword: AppPool;
beforeAll(async () => {
  const folder = await makeFolder();
  server = await startServer({ env: { POOLHOUSE_FUNCTIONS_DIR: folder } });
  trust(server);
  const put = (name: string, code: string) => putFunction(server, { folder, name, code });
  const CreateAuthChallenge = await put("create", guideExample("CreateAuthChallenge"));
  const VerifyAuthChallengeResponse = await put(
    "verify",
    guideExample("VerifyAuthChallengeResponse"),
  );
  const poolBy = (DefineAuthChallenge: string, verify = VerifyAuthChallengeResponse) =>
    makeAppPool(server, {
      pool: {
        Schema: [{ Name: "badge", AttributeDataType: "String", Mutable: true }],
        LambdaConfig: {
          DefineAuthChallenge,
          CreateAuthChallenge,
          VerifyAuthChallengeResponse: verify,
        },
      },
      client: { ExplicitAuthFlows: ["ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"] },
    });
  withPassword = await poolBy(await put("define", guideExample("DefineAuthChallenge")));
  withoutPassword = await poolBy(await put("badge-alone", badgeAlone), await put("told", told));
});
afterEach(() => signOut());
afterAll(stopAll);

const attributes = { "custom:badge": "00123456" };
const asksForBadge = {
  isSignedIn: false,
  nextStep: {
    signInStep: "CONFIRM_SIGN_IN_WITH_CUSTOM_CHALLENGE",
    additionalInfo: { question: "The last four digits on your badge" },
  },
};
const refused = {
  name: "NotAuthorizedException",
  message: "Incorrect username or password.",
};

describe("signIn CUSTOM_WITH_SRP", () => {
  const options = { authFlowType: "CUSTOM_WITH_SRP" } as const;
  beforeAll(() => configure(server, withPassword));

  test("confirmSignIn CUSTOM_CHALLENGE after the password", async () => {
    const username = await makeAppUser(server, withPassword, { attributes });
    expect(await signIn({ username, password, options })).toMatchObject(asksForBadge);
    expect(await confirmSignIn({ challengeResponse: "0000" })).toMatchObject(asksForBadge);
    expect(await confirmSignIn({ challengeResponse: "3456" })).toMatchObject(done);
    expect(await fetchUserAttributes()).toMatchObject({ email: username, ...attributes });
  });

  test("three wrong answers end it", async () => {
    const username = await makeAppUser(server, withPassword, { attributes });
    await signIn({ username, password, options });
    await confirmSignIn({ challengeResponse: "0001" });
    await confirmSignIn({ challengeResponse: "0002" });
    await expect(confirmSignIn({ challengeResponse: "0003" })).rejects.toMatchObject(refused);
    await expect(confirmSignIn({ challengeResponse: "3456" })).rejects.toThrow();
  });

  test("a wrong password and a name that nobody has fail alike, before the badge", async () => {
    const username = await makeAppUser(server, withPassword, { attributes });
    for (const name of [username, newAddress()]) {
      await expect(
        signIn({ username: name, password: "Wrong-1-Password", options }),
      ).rejects.toMatchObject(refused);
    }
  });

  test("a flow without the password is refused by the function", async () => {
    const username = await makeAppUser(server, withPassword, { attributes });
    await expect(
      signIn({ username, options: { authFlowType: "CUSTOM_WITHOUT_SRP" } }),
    ).rejects.toMatchObject(refused);
  });
});

describe("signIn CUSTOM_WITHOUT_SRP", () => {
  const options = { authFlowType: "CUSTOM_WITHOUT_SRP" } as const;
  const clientMetadata = { hint: "yes" };
  beforeAll(() => configure(server, withoutPassword));

  test("confirmSignIn CUSTOM_CHALLENGE, with ClientMetadata", async () => {
    const username = await makeAppUser(server, withoutPassword, { attributes });
    expect(await signIn({ username, options })).toMatchObject(asksForBadge);
    expect(await confirmSignIn({ challengeResponse: "3456" })).toMatchObject(asksForBadge);
    expect(
      await confirmSignIn({ challengeResponse: "3456", options: { clientMetadata } }),
    ).toMatchObject(done);
    expect(await fetchUserAttributes()).toMatchObject({ email: username });
  });

  test("a name that nobody has is asked alike, and never gets in", async () => {
    const known = await makeAppUser(server, withoutPassword, { attributes });
    const unknown = newAddress();
    const asked = [];
    for (const username of [known, unknown]) {
      const { nextStep } = await signIn({ username, options });
      if (nextStep.signInStep !== "CONFIRM_SIGN_IN_WITH_CUSTOM_CHALLENGE") throw nextStep;
      asked.push(nextStep.additionalInfo);
    }
    const [ofKnown, ofUnknown] = asked;
    expect(Object.keys(ofUnknown ?? {})).toEqual(Object.keys(ofKnown ?? {}));
    expect(ofUnknown?.["question"]).toBe(ofKnown?.["question"]);
    // A name typed by chance must not show by being left as it is.
    const isUuid = /^[0-9a-f-]{36}$/;
    expect(ofKnown?.["USERNAME"]).toMatch(isUuid);
    expect(ofUnknown?.["USERNAME"]).toMatch(isUuid);
    const last = { challengeResponse: "3456", options: { clientMetadata } };
    expect(await confirmSignIn(last)).toMatchObject(asksForBadge);
    expect(await confirmSignIn(last)).toMatchObject(asksForBadge);
    await expect(confirmSignIn(last)).rejects.toMatchObject(refused);
  });
});

test("amazon-cognito-identity-js: initiateAuth, sendCustomChallengeAnswer", async () => {
  const username = await makeAppUser(server, withoutPassword, { attributes });
  const user = userOf(server, withoutPassword, { username });
  const details = new AuthenticationDetails({ Username: username });
  const asked = await stepOf((callbacks) => user.initiateAuth(details, callbacks));
  expect(asked).toMatchObject({
    next: "customChallenge",
    given: [asksForBadge.nextStep.additionalInfo],
  });
  const { next } = await stepOf((callbacks) =>
    user.sendCustomChallengeAnswer("3456", callbacks, { hint: "yes" }),
  );
  expect(next).toBe("onSuccess");
});

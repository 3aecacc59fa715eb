import { AdminListUserAuthEventsCommand } from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { totpAt, userWithApp, wrongTotp } from "../../../testing/mfa.ts";
import type { TestPool } from "../../../testing/pools.ts";
import { signInByPassword } from "../../../testing/sign-in.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const settings = { tier: "PLUS", advancedSecurityMode: "AUDIT" } as const;

/** What happened, oldest first. */
async function told({ pool }: TestPool) {
  const { AuthEvents = [] } = await app.client.send(
    new AdminListUserAuthEventsCommand({ UserPoolId: pool.id, Username: "ada" }),
  );
  return AuthEvents.reverse().map(({ EventType, EventResponse, ChallengeResponses = [] }) =>
    [
      EventType,
      EventResponse,
      ...ChallengeResponses.map((each) => `${each.ChallengeName}:${each.ChallengeResponse}`),
    ].join(" "),
  );
}

test("a sign-in is in progress after the password and passed after the second factor", async () => {
  const { home, ada, secret } = await userWithApp(app, { settings });
  const before = (await told(home)).length;
  const asked = await signInByPassword(app, home);
  const wrong = { SOFTWARE_TOKEN_MFA_CODE: wrongTotp(app, secret) };
  await expect(ada.answer(asked, wrong)).rejects.toThrow();
  await ada.answer(asked, { SOFTWARE_TOKEN_MFA_CODE: totpAt(app, secret) });
  expect((await told(home)).slice(before)).toEqual([
    "SignIn InProgress Password:Success",
    "SignIn Fail Mfa:Failure",
    "SignIn Pass Password:Success Mfa:Success",
  ]);
});

test("asking for a challenge proves nothing, and is no event", async () => {
  const { home, ada } = await userWithApp(app, { settings });
  const before = (await told(home)).length;
  await ada.begin();
  expect((await told(home)).slice(before)).toEqual([]);
});

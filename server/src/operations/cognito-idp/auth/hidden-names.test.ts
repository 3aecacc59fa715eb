/** A client that hides who exists, in the hardened profile: no flow tells a name that nobody has from one that somebody has. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { User } from "../../../domain/users/user.ts";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { type AskedOf, type Person, personAt, refusals } from "../../../testing/person.ts";
import { type TestPool, testPool, testUser } from "../../../testing/pools.ts";
import { askRiddles, riddleSettings } from "../../../testing/riddles.ts";

let app: TestApp;
let home: TestPool;
beforeEach(async () => {
  app = await testApp();
  home = await testPool(app, {
    extensions: { profile: "hardened" },
    settings: {
      ...riddleSettings,
      caseSensitive: false,
      allowedFirstAuthFactors: ["PASSWORD", "EMAIL_OTP", "SMS_OTP"],
      smsConfiguration: { snsCallerArn: "arn:aws:iam::123456789012:role/sms" },
    },
    client: {
      preventUserExistenceErrors: "ENABLED",
      explicitAuthFlows: [
        "ALLOW_USER_AUTH",
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_USER_SRP_AUTH",
        "ALLOW_CUSTOM_AUTH",
      ],
    },
  });
  askRiddles(app);
});
afterEach(() => app.close());

/** A number of the group, of which nobody knows what it is a power of. */
const SRP_A = "ab".repeat(384);
const signature = (block = "") => ({
  PASSWORD_CLAIM_SECRET_BLOCK: block,
  PASSWORD_CLAIM_SIGNATURE: Buffer.alloc(32).toString("base64"),
  TIMESTAMP: "Tue Sep 3 10:00:00 UTC 2024",
});
const prefer = (PREFERRED_CHALLENGE: string) => (person: Person) =>
  person.begin({ PREFERRED_CHALLENGE });

type Begun = AskedOf & { readonly ChallengeParameters?: Record<string, string> | undefined };
type Flow = readonly [
  name: string,
  begin: (person: Person) => Promise<Begun>,
  answer: (person: Person, begun: Begun) => Promise<unknown>,
];

const answerSrp: Flow[2] = (person, begun) =>
  person.answer(begun, signature(begun.ChallengeParameters?.["SECRET_BLOCK"]));

const flows: readonly Flow[] = [
  ["USER_SRP_AUTH", (person) => person.begin({ SRP_A }, { flow: "USER_SRP_AUTH" }), answerSrp],
  [
    "USER_AUTH by SRP",
    (person) => person.begin({ PREFERRED_CHALLENGE: "PASSWORD_SRP", SRP_A }),
    answerSrp,
  ],
  [
    "CUSTOM_AUTH with SRP",
    (person) => person.begin({ CHALLENGE_NAME: "SRP_A", SRP_A }, { flow: "CUSTOM_AUTH" }),
    answerSrp,
  ],
  [
    "CUSTOM_AUTH",
    (person) => person.begin({}, { flow: "CUSTOM_AUTH" }),
    (person, begun) => person.answer(begun, { ANSWER: "a coffin" }),
  ],
  [
    "a choice",
    (person) => person.begin(),
    (person, begun) => person.answer(begun, { ANSWER: "PASSWORD", PASSWORD: "wrong" }),
  ],
  [
    "a password that is asked for",
    prefer("PASSWORD"),
    (person, begun) => person.answer(begun, { PASSWORD: "wrong" }),
  ],
  [
    "EMAIL_OTP",
    prefer("EMAIL_OTP"),
    (person, begun) => person.answer(begun, { EMAIL_OTP_CODE: "00000000" }),
  ],
  [
    "SMS_OTP",
    prefer("SMS_OTP"),
    (person, begun) => person.answer(begun, { SMS_OTP_CODE: "00000000" }),
  ],
];

const states: [string, Partial<User>][] = [
  ["a user", {}],
  ["one who is disabled", { enabled: false }],
  ["one who is not confirmed", { status: "UNCONFIRMED" }],
  ["one who is to be reset", { status: "RESET_REQUIRED" }],
  ["one with a temporary password", { status: "FORCE_CHANGE_PASSWORD" }],
  ["one without an address", { attributes: {} }],
  ["one without a password", { passwordHash: null, srpSalt: null, srpVerifier: null }],
];

const attributes = {
  ...{ email: "ada@example.com", email_verified: "true" },
  ...{ phone_number: "+12065550100", phone_number_verified: "true" },
};

/** An answer with its members in order, and of each value what may be compared: its form where chance made it. */
function formOf(value: unknown, key = ""): unknown {
  if (value instanceof Object && !Array.isArray(value)) {
    const entries = Object.entries(value).filter(([name]) => name !== "$metadata");
    return entries.map(([name, each]) => [name, formOf(each, name)]);
  }
  if (key === "SRP_B") return typeof value;
  if (["Session", "SALT", "SECRET_BLOCK"].includes(key)) return String(value).length;
  if (key === "USERNAME" || key === "USER_ID_FOR_SRP") return String(value).replace(/ada|bob/, "…");
  if (key === "CODE_DELIVERY_DESTINATION") return String(value).replace(/\w/g, "w");
  return value;
}

/** How a sign-in goes whose answers are all wrong, until it is locked and beyond. */
async function storyOf(person: Person, [, begin, answer]: Flow): Promise<unknown[]> {
  const story: unknown[] = [];
  for (let round = 0; round < 7; round++) {
    try {
      const begun = await begin(person);
      story.push(formOf(begun));
      story.push(formOf(await answer(person, begun)));
    } catch (error) {
      const { name, message } = error as Error;
      story.push({ name, message });
    }
  }
  return story;
}

describe.each(flows.map((flow) => [flow[0], flow] as const))("%s", (_, flow) => {
  test.each(states)("goes for %s as for nobody, locks and all", async (__, given) => {
    await testUser(app, home.pool, { attributes, ...given });
    const known = await storyOf(personAt(app, home, "ada"), flow);
    const unknown = await storyOf(personAt(app, home, "bob"), flow);
    expect(known).toEqual(unknown);
    expect(known.length).toBeGreaterThanOrEqual(7);
  });

  test("tells by no spelling of a name whether it is stored", async () => {
    await testUser(app, home.pool, { attributes });
    const [, begin] = flow;
    const bodies = ["ada", "ADA", "bob", "BOB", "bOb"].map(async (name) =>
      formOf(await begin(personAt(app, home, name))),
    );
    const [first, ...others] = await Promise.all(bodies);
    for (const other of others) expect(other).toEqual(first);
  });
});

test("a password is looked at as often for a user as for nobody, in one flow or another, under one lock", async () => {
  await testUser(app, home.pool, { attributes });
  for (const name of ["ada", "bob"]) {
    const person = personAt(app, home, name);
    const type = () => person.begin({ PASSWORD: "wrong" }, { flow: "USER_PASSWORD_AUTH" });
    for (let round = 0; round < 3; round++) {
      await expect(type()).rejects.toMatchObject(refusals.wrong);
    }
    const asked = await person.begin({ PREFERRED_CHALLENGE: "PASSWORD" });
    for (let round = 0; round < 2; round++) {
      await expect(person.answer(asked, { PASSWORD: "wrong" })).rejects.toMatchObject(
        refusals.wrong,
      );
    }
    await expect(type()).rejects.toMatchObject(refusals.locked);
    const shouted = personAt(app, home, name.toUpperCase());
    await expect(shouted.begin({ PREFERRED_CHALLENGE: "EMAIL_OTP" })).rejects.toMatchObject(
      refusals.locked,
    );
  }
});

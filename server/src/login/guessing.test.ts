import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestApp, testApp } from "../testing/app.ts";
import { type TestBrowser, testBrowser, type Visit } from "../testing/browser.ts";
import { deliverOutbox, lastCode, wrongFor } from "../testing/codes.ts";
import { mfaSettings } from "../testing/mfa.ts";
import { answerIn, authorizeUrl, oauthPool } from "../testing/oauth.ts";
import { password, type TestPool, testUser } from "../testing/pools.ts";

/** Codes as first factors, and what somebody learns or gains who tries names, passwords and codes. */
let app: TestApp;
let browser: TestBrowser;
beforeEach(async () => {
  app = await testApp();
  browser = testBrowser(app);
});
afterEach(() => app.close());

const contacts = {
  ...{ email: "ada@example.com", email_verified: "true" },
  ...{ phone_number: "+12065550100", phone_number_verified: "true" },
};

const byCode = {
  ...mfaSettings,
  mfaConfiguration: "OFF",
  allowedFirstAuthFactors: ["PASSWORD", "EMAIL_OTP", "SMS_OTP"],
} as const;

async function signInPage(home: TestPool, by = browser) {
  return (await by.follow(await by.get(authorizeUrl(home)))).page("sign-in");
}

/** Gives the name alone. */
async function name(home: TestPool, username: string, by = browser): Promise<Visit> {
  const { form } = await signInPage(home, by);
  const sent = await by.submit(form, { username });
  return sent.location === undefined ? sent : by.follow(sent);
}

async function choose(shown: Visit, answer: string): Promise<Visit> {
  const sent = await browser.submit(shown.page("choose-factor").form, { answer });
  await deliverOutbox(app);
  return sent.location === undefined ? sent : browser.follow(sent);
}

/** A page as it differs from the same page for somebody else: without names, handles and tokens. */
function shapeOf(visit: Visit): string {
  return JSON.stringify([visit.status, JSON.parse(visit.body)], (key, value) =>
    ["form", "username", "startOverUrl", "csrf", "languageUrl", "destination"].includes(key)
      ? typeof value
      : value,
  );
}

describe("a code as the first factor", () => {
  test.each(["EMAIL_OTP", "SMS_OTP"] as const)("signs in by %s", async (factor) => {
    const home = await oauthPool(app, { settings: byCode });
    await testUser(app, home.pool, { attributes: contacts });
    const shown = await name(home, "ada");
    expect(shown.page("choose-factor").factors).toEqual(["PASSWORD", "EMAIL_OTP", "SMS_OTP"]);
    const asked = await choose(shown, factor);
    expect(asked.page("code")).toMatchObject({ factor, takesRecoveryCode: false });
    expect(asked.page("code").destination).toMatch(/\*/);
    expect(asked.body).not.toContain(lastCode(app));
    const { form } = asked.page("code");
    const wrong = await browser.submit(form, { code: wrongFor(lastCode(app)) });
    expect([wrong.status, wrong.notice?.code]).toEqual([400, "CodeMismatchException"]);
    const spaced = lastCode(app).replace(/^(...)/, " $1 ");
    const done = await browser.submit(wrong.page("code").form, { code: spaced });
    expect(answerIn(done).get("code")).toMatch(/^[\w-]{43}$/);
  });

  test("that the user has not, or the pool allows not, is not chosen by typing it", async () => {
    const home = await oauthPool(app, { settings: byCode });
    await testUser(app, home.pool, { attributes: { email: "ada@example.com" } });
    for (const answer of ["SMS_OTP", "WEB_AUTHN", "PASSWORD_SRP", "", "constructor"]) {
      const shown = await name(home, "ada");
      const refused = await browser.submit(
        shown.page("choose-factor").form,
        answer === "" ? {} : { answer },
      );
      expect({ answer, location: refused.location }).toEqual({ answer, location: undefined });
      expect(refused.status).toBe(400);
      expect(refused.page("choose-factor").factors).not.toContain("SMS_OTP");
    }
    expect(app.sent).toEqual([]);
  });

  test("is asked at once where it is the only way", async () => {
    const home = await oauthPool(app, {
      settings: { ...byCode, allowedFirstAuthFactors: ["PASSWORD", "EMAIL_OTP"] },
    });
    await testUser(app, home.pool, {
      attributes: contacts,
      passwordHash: null,
      srp: null,
    } as never);
    const asked = await name(home, "ada");
    expect(asked.page("code").factor).toBe("EMAIL_OTP");
  });
});

describe.each(["compat", "hardened"] as const)("in the %s profile", (profile) => {
  const hidden = {
    extensions: { profile },
    client: { preventUserExistenceErrors: "ENABLED" },
  } as const;

  test("a name that nobody has is answered like one with a wrong password", async () => {
    const home = await oauthPool(app, hidden);
    await testUser(app, home.pool);
    const tried = async (username: string, times: number) => {
      const by = testBrowser(app);
      const { form } = await signInPage(home, by);
      const shapes: string[] = [];
      for (let tries = 0; tries < times; tries += 1) {
        const visit = await by.submit(form, { username, password: "Wrong-Horse-1-Battery" });
        expect(visit.page("sign-in").username).toBe(username);
        shapes.push(shapeOf(visit));
      }
      return shapes;
    };
    // Cognito locks no names that nobody has, and shows by that who has one.
    const times = profile === "compat" ? 5 : 8;
    const real = await tried("ada", times);
    expect(real[0]).toContain("NotAuthorizedException");
    expect(await tried("nobody", times)).toEqual(real);
    const known = await tried("ada", 2);
    expect(known.at(-1)).toContain("locked");
    const { form } = await signInPage(home);
    const right = await browser.submit(form, { username: "ada", password });
    expect(right.location).toBeUndefined();
    expect(right.notice?.code).toBe("locked");
    app.clock.advance(3_600_000);
    const later = await browser.submit((await signInPage(home)).form, {
      username: "ada",
      password,
    });
    expect(answerIn(later).has("code")).toBe(true);
  });

  test("nor is a disabled user told from a wrong password, before the right one is given", async () => {
    const home = await oauthPool(app, hidden);
    await testUser(app, home.pool, { username: "off", enabled: false });
    const { form } = await signInPage(home);
    const fields = { password: "Wrong-Horse-1-Battery" };
    const off = await browser.submit(form, { username: "off", ...fields });
    const nobody = await browser.submit(form, { username: "nobody", ...fields });
    expect(shapeOf(off)).toBe(shapeOf(nobody));
    const known = await browser.submit(form, { username: "off", password });
    expect(known.location).toBeUndefined();
    expect(known.status).toBe(400);
  });

  test("whoever asks for a code by a name that nobody has sees what everybody sees", async () => {
    const home = await oauthPool(app, { ...hidden, settings: byCode });
    await testUser(app, home.pool, { attributes: contacts });
    const ways = async (username: string) => {
      const shown = await name(home, username);
      const asked = await choose(shown, "EMAIL_OTP");
      const wrong = await browser.submit(asked.page("code").form, { code: "000000" });
      return [shown, asked, wrong].map(shapeOf);
    };
    const real = await ways("ada");
    expect(app.sent).toHaveLength(1);
    const none = await ways("nobody");
    expect(app.sent).toHaveLength(1);
    expect(none).toEqual(real);
  });

  test("a password that is guessed by its own page locks as well", async () => {
    const home = await oauthPool(app, { ...hidden, settings: byCode });
    await testUser(app, home.pool, { attributes: contacts });
    const notices: (string | undefined)[] = [];
    let page = await choose(await name(home, "ada"), "PASSWORD");
    for (let tries = 0; tries < 7; tries += 1) {
      const wrong = { password: "Wrong-Horse-1-Battery" };
      const visit = await browser.submit(page.page("password").form, wrong);
      notices.push(visit.notice?.code);
      expect(visit.location).toBeUndefined();
      page = await choose(await name(home, "ada"), "PASSWORD").catch(() => visit);
    }
    expect(notices.at(0)).toBe("NotAuthorizedException");
    expect(notices.at(-1)).toBe("locked");
  });
});

describe("a function of the pool", () => {
  const arn = (name: string) => `arn:aws:lambda:us-east-1:123456789012:function:${name}`;

  test("that refuses a sign-in is heard on the page, as it stands", async () => {
    const home = await oauthPool(app, {
      settings: { lambdaConfig: { PreAuthentication: arn("pre") } },
    });
    await testUser(app, home.pool);
    app.functions.answer = () => ({ kind: "refused", message: "Not on <b>Sundays</b>" });
    const { form } = await signInPage(home);
    const refused = await browser.submit(form, { username: "ada", password });
    expect(refused.location).toBeUndefined();
    expect(refused.notice?.detail).toContain("Not on <b>Sundays</b>");
  });
});

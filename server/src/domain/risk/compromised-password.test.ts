import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestApp, testApp } from "../../testing/app.ts";
import { engines } from "../../testing/places.ts";
import { storedUser, type TestPool, testCall, testPool, testUser } from "../../testing/pools.ts";
import type { User } from "../users/user.ts";
import { requireNotCompromised } from "./compromised-password.ts";

const breached = "P@ssw0rd";
const fine = "Correct-Horse-9-Battery";

describe.each(engines)("at a sign-in on %s", (engine) => {
  let app: TestApp;
  let home: TestPool;
  let ada: User;
  beforeEach(async () => {
    app = await testApp({ engine });
    const risk = { compromisedCredentials: { action: "BLOCK" as const }, modifiedAtMs: 0 };
    const settings = { tier: "PLUS", advancedSecurityMode: "ENFORCED", risk } as const;
    home = await testPool(app, { settings });
    ada = await testUser(app, home.pool, { password: breached });
  });
  afterEach(() => app.close());

  const signIn = (user: User, password: string) =>
    requireNotCompromised(testCall(app), { ...home, user, password, occasion: "SIGN_IN" });
  const status = async (name?: string) => (await storedUser(app, home, name))?.status;

  test("a compromised password must be replaced before the next one", async () => {
    await expect(signIn(ada, breached)).rejects.toMatchObject({
      code: "PasswordResetRequiredException",
      message: "Password reset required for user due to security reasons",
    });
    expect(await status()).toBe("RESET_REQUIRED");
  });

  test("any other goes on, and nothing is changed", async () => {
    await signIn(ada, fine);
    expect(await status()).toBe("CONFIRMED");
  });

  test("a temporary one is replaced anyway", async () => {
    const status = "FORCE_CHANGE_PASSWORD" as const;
    const bob = await testUser(app, home.pool, { username: "bob", password: breached, status });
    await signIn(bob, breached);
    expect((await storedUser(app, home, "bob"))?.status).toBe(status);
  });

  test("one that was changed meanwhile is refused, and the new one stays good", async () => {
    await expect(signIn({ ...ada, passwordHash: "another" }, breached)).rejects.toMatchObject({
      code: "PasswordResetRequiredException",
    });
    expect(await status()).toBe("CONFIRMED");
  });
});

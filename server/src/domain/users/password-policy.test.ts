import { describe, expect, it } from "vitest";
import { checkNewPassword, findPolicyViolation, findWeakness } from "./password-policy.ts";

const anything = {
  minimumLength: 6,
  requireUppercase: false,
  requireLowercase: false,
  requireNumbers: false,
  requireSymbols: false,
};
/** What CreateUserPool gives a pool that says nothing. */
const standard = {
  minimumLength: 8,
  requireUppercase: true,
  requireLowercase: true,
  requireNumbers: true,
  requireSymbols: true,
};

describe("Cognito's password policy", () => {
  it.each([
    ["Aa1!", "Password not long enough"],
    ["Aa1!567", "Password not long enough"],
    ["", "Password not long enough"],
    ["password", "Password must have uppercase characters"],
    ["PASSWORD", "Password must have lowercase characters"],
    ["Password", "Password must have numeric characters"],
    ["Passw0rd", "Password must have symbol characters"],
    ["Passw0rd!", undefined],
    ["Aa1!5678", undefined],
  ])("says of %j: %s", (password, violation) => {
    expect(findPolicyViolation(password, standard)).toBe(violation);
  });

  it("names only the first rule that is broken, length before the classes", () => {
    expect(findPolicyViolation("abc", standard)).toBe("Password not long enough");
    expect(findPolicyViolation("........", standard)).toBe(
      "Password must have uppercase characters",
    );
  });

  it("asks for nothing that the policy does not require", () => {
    expect(findPolicyViolation("aaaaaa", anything)).toBeUndefined();
    expect(findPolicyViolation("a long phrase of small letters", anything)).toBeUndefined();
    expect(findPolicyViolation("aaaaa", anything)).toBe("Password not long enough");
  });

  it.each([
    ["requireUppercase", "A", "uppercase"],
    ["requireLowercase", "a", "lowercase"],
    ["requireNumbers", "7", "numeric"],
    ["requireSymbols", "-", "symbol"],
  ] as const)("checks %s by itself", (rule, character, name) => {
    const policy = { ...anything, [rule]: true };
    expect(findPolicyViolation("ÄÄÄÄÄÄ", policy)).toBe(`Password must have ${name} characters`);
    expect(findPolicyViolation(`ÄÄÄ${character}ÄÄÄ`, policy)).toBeUndefined();
  });

  const symbols = "^ $ * . [ ] { } ( ) ? \" ! @ # % & / \\ , > < ' : ; | _ ~ ` = + -".split(" ");

  it.each(symbols)("takes %s as a symbol", (symbol) => {
    expect(symbols).toHaveLength(32);
    expect(
      findPolicyViolation(`aaa${symbol}aaa`, { ...anything, requireSymbols: true }),
    ).toBeUndefined();
  });

  it.each(["§", "é", "€", "🔑", "\t", "\u00a0", "a", "A", "1"])(
    "does not take %j as a symbol",
    (other) => {
      expect(findPolicyViolation(`aaa${other}aaa`, { ...anything, requireSymbols: true })).toBe(
        "Password must have symbol characters",
      );
    },
  );

  it("takes a space as a symbol inside, not in front or behind", () => {
    const policy = { ...anything, requireSymbols: true };
    expect(findPolicyViolation("aaa aaa", policy)).toBeUndefined();
    for (const password of [" aaaaaa", "aaaaaa ", "  aaaaaa  "]) {
      expect(findPolicyViolation(password, policy)).toBe("Password must have symbol characters");
    }
  });

  it("takes letters and digits of Basic Latin only", () => {
    expect(findPolicyViolation("ÀÈÌÒÙàèì1!", standard)).toBe(
      "Password must have uppercase characters",
    );
    expect(findPolicyViolation("Aa!٣٤٥٦٧٨", standard)).toBe(
      "Password must have numeric characters",
    );
  });

  it("counts code points, so that a key is one character", () => {
    expect(findPolicyViolation("🔑🔑🔑🔑🔑", anything)).toBe("Password not long enough");
    expect(findPolicyViolation("🔑🔑🔑🔑🔑🔑", anything)).toBeUndefined();
  });
});

describe("the hardened profile", () => {
  const names = {
    poolName: "Garden-Club",
    username: "anna.schmidt",
    email: "schmidt.a@example.com",
  };
  const tooClose = "Password is too close to the user name or the name of the app";

  it.each(["password", "QWERTYUIOP", "1qaz2wsx3edc4rfv"])(
    "refuses %s as breached",
    async (password) => {
      expect(await findWeakness(password, names)).toBe("Password is known from data breaches");
    },
  );

  it.each([
    ["the pool's name and digits", "garden-club1234567890"],
    ["a word of the pool's name and digits", "Garden12345678901"],
    ["the user name", "anna.schmidt"],
    ["the user name in another case with symbols", "!!ANNA.Schmidt!!2026!!"],
    ["a word of the user name many times", "schmidtschmidtschmidt"],
    ["two names and digits", "annagarden20262027"],
    ["the address without its domain", "schmidt.a0123456789"],
    ["the whole address", "schmidt.a@example.com"],
    ["a name and fewer than eight other letters", "schmidt-1234-dahlias"],
    ["the product's name", "poolhouse123456"],
  ])("refuses %s", async (_, password) => {
    expect(await findWeakness(password, names)).toBe(tooClose);
  });

  it.each([
    ["a phrase of small letters", "seven quiet herons at dusk"],
    ["a phrase that also holds a name", "the garden has seven herons"],
    ["random characters", "tp9*gVh2-xqLmE4w"],
    ["letters beyond Latin", "семь тихих цапель"],
    ["a short word of a name inside others", "the clubhouse of seven herons"],
  ])("takes %s", async (_, password) => {
    expect(await findWeakness(password, names)).toBeUndefined();
  });

  it("does not mind names too short to mean anything, nor missing ones", async () => {
    const short = { poolName: "a", username: "bo", email: undefined };
    expect(await findWeakness("a1b2c3d4bo567890", short)).toBeUndefined();
    expect(
      await findWeakness("1234 bo a bo a 56789", { poolName: "", username: "" }),
    ).toBeUndefined();
  });

  it("reads names as text, not as patterns", async () => {
    const odd = { poolName: ".*.*.*", username: "$&$&$&$&", email: "(a+)+$@example.com" };
    expect(await findWeakness("seven quiet herons", odd)).toBeUndefined();
    expect(await findWeakness("12345678.*.*.*", odd)).toBe(tooClose);
  });
});

describe("checkNewPassword", () => {
  const holder = { username: "anna.schmidt" };
  const pool = (profile: "compat" | "hardened", passwordPolicy = standard) => ({
    name: "Garden-Club",
    settings: { passwordPolicy: { ...passwordPolicy, temporaryPasswordValidityDays: 7 } },
    extensions: { profile },
  });

  it("throws Cognito's InvalidPasswordException with the rule that is broken", async () => {
    for (const profile of ["compat", "hardened"] as const) {
      await expect(checkNewPassword(pool(profile), "Password1", holder)).rejects.toMatchObject({
        code: "InvalidPasswordException",
        message: "Password did not conform with policy: Password must have symbol characters",
      });
    }
  });

  it("refuses breached passwords and names in hardened pools only", async () => {
    for (const password of ["qwertyuiop", "garden-club2026"]) {
      await expect(checkNewPassword(pool("compat", anything), password, holder)).resolves.toBe(
        undefined,
      );
      await expect(
        checkNewPassword(pool("hardened", anything), password, holder),
      ).rejects.toMatchObject({
        code: "InvalidPasswordException",
      });
    }
  });

  it("takes a good password, and never shows a bad one", async () => {
    await checkNewPassword(pool("hardened", anything), "seven quiet herons at dusk", holder);
    const refused = await checkNewPassword(pool("hardened"), "geheim", holder).catch(String);
    expect(refused).not.toContain("geheim");
  });
});

import { createHash, createHmac, getDiffieHellman, randomBytes } from "node:crypto";
import { createSrpSession, signSrpSession } from "cognito-srp-helper";
import { describe, expect, it } from "vitest";
import { type Random, systemRandom } from "../../lib/random.ts";
import {
  makeSrpVerifier,
  type SrpIdentity,
  type SrpProof,
  type SrpVerifier,
  simulateSrpUser,
  startSrp,
  verifySrpSignature,
} from "./srp.ts";
import { bigIntPower, fixedBytes, k, N, power, toInteger } from "./srp-group.ts";

const identity = { poolName: "AbCdEf123", userIdForSrp: "alice" };
const password = "Correct-horse 7";
const timestamp = "Mon Nov 23 06:30:16 UTC 2026";

/** The client as amplify-js has it, written from the wire contract with nothing of the server's code. */
function client() {
  const modulus = BigInt(`0x${getDiffieHellman("modp15").getPrime("hex")}`);
  const multiplier = hashed(padded(modulus), padded(2n));
  const raise = (base: bigint, exponent: bigint) => {
    let result = 1n;
    for (const bit of exponent.toString(2)) {
      result = (result * result) % modulus;
      if (bit === "1") result = (result * base) % modulus;
    }
    return result;
  };
  let a = 0n;
  let A = 0n;
  return {
    begin() {
      a = BigInt(`0x${randomBytes(32).toString("hex")}`);
      A = raise(2n, a);
      return A.toString(16);
    },
    sign(who: SrpIdentity, typed: string, challenge: Challenge) {
      const B = BigInt(`0x${challenge.srpB}`);
      const u = hashed(padded(A), padded(B));
      const inner = createHash("sha256")
        .update(`${who.poolName}${who.userIdForSrp}:${typed}`, "utf8")
        .digest("hex");
      const x = hashed(padded(BigInt(`0x${challenge.salt}`)), inner);
      const base = (((B - multiplier * raise(2n, x)) % modulus) + modulus) % modulus;
      return signed(who, challenge, { S: raise(base, a + u * x), u });
    },
  };
}

/** The signature of whoever has S: the key from it, and the key over the challenge. */
function signed(who: SrpIdentity, { secretBlock }: Challenge, { S, u }: { S: bigint; u: bigint }) {
  const [ikm, salt] = [S, u].map((number) => Buffer.from(padded(number), "hex"));
  const prk = createHmac("sha256", salt ?? "")
    .update(ikm ?? "")
    .digest();
  const key = createHmac("sha256", prk).update("Caldera Derived Key\x01").digest().subarray(0, 16);
  return createHmac("sha256", key)
    .update(Buffer.from(`${who.poolName}${who.userIdForSrp}`))
    .update(secretBlock)
    .update(timestamp)
    .digest("base64");
}

type Challenge = { salt: string; srpB: string; secretBlock: Buffer };

function padded(number: bigint): string {
  const hex = number.toString(16);
  const even = hex.length % 2 ? `0${hex}` : hex;
  return /^[89a-f]/.test(even) ? `00${even}` : even;
}

function hashed(...hex: string[]): bigint {
  return BigInt(
    `0x${createHash("sha256")
      .update(Buffer.from(hex.join(""), "hex"))
      .digest("hex")}`,
  );
}

/** Random bytes, but the last one of a start, which carries the sign of B, as told. */
const withSign = (sign: 0 | 1): Random => ({
  ...systemRandom,
  bytes(count) {
    const bytes = randomBytes(count);
    bytes.writeUInt8(sign, count - 1);
    return bytes;
  },
});

function started(verifier: SrpVerifier, srpA: string, random: Random = systemRandom) {
  const start = startSrp(verifier, srpA, random);
  if (!start) throw new Error("A was refused");
  const secretBlock = randomBytes(32);
  return { ...start, challenge: { salt: verifier.salt, srpB: start.srpB, secretBlock } };
}

/** A whole sign-in by the client above; `typed` is the password that the user types. */
function signIn(verifier: SrpVerifier, typed = password, random: Random = systemRandom) {
  const browser = client();
  const { state, challenge } = started(verifier, browser.begin(), random);
  const signature = browser.sign(identity, typed, challenge);
  const proof = { ...identity, secretBlock: challenge.secretBlock, timestamp, signature };
  return { state, proof, ok: verifySrpSignature(state, proof) };
}

const verifier = makeSrpVerifier(identity, password, systemRandom);

describe("a sign-in with the right password", () => {
  it("passes for random salts and keys", () => {
    for (let run = 0; run < 25; run++) {
      expect(signIn(makeSrpVerifier(identity, password, systemRandom)).ok).toBe(true);
    }
  });

  it.each(["", " ", "пароль🔑", "é", "e\u0301", "a:b:c", "x".repeat(256)])(
    "passes for %j",
    (typed) => {
      expect(signIn(makeSrpVerifier(identity, typed, systemRandom), typed).ok).toBe(true);
    },
  );

  it("passes for cognito-srp-helper", () => {
    for (const sign of [0, 1, 0, 1] as const) {
      const session = createSrpSession("typed-name", password, "eu-west-1_AbCdEf123", false);
      const { state, challenge } = started(verifier, session.largeA, withSign(sign));
      const answer = signSrpSession(session, {
        ChallengeParameters: {
          SALT: challenge.salt,
          SRP_B: challenge.srpB,
          SECRET_BLOCK: challenge.secretBlock.toString("base64"),
          USER_ID_FOR_SRP: identity.userIdForSrp,
        },
      });
      const proof = {
        ...identity,
        secretBlock: challenge.secretBlock,
        timestamp: answer.timestamp,
        signature: answer.passwordSignature,
      };
      expect(verifySrpSignature(state, proof)).toBe(true);
      expect(verifySrpSignature(state, { ...proof, userIdForSrp: "typed-name" })).toBe(false);
    }
  });

  it.each([0, 1, 2, 15, 16])("passes for a salt with %i zero bytes in front", (zeros) => {
    const random = {
      ...systemRandom,
      bytes: (count: number) =>
        Buffer.concat([Buffer.alloc(zeros), Buffer.alloc(count - zeros, 0x91)]),
    };
    const made = makeSrpVerifier(identity, password, random);
    expect(made.salt).toHaveLength(32);
    expect(signIn(made).ok).toBe(true);
  });

  it("passes for an A whose hex has an odd length, and for one with a sign byte in front", () => {
    const browser = client();
    let srpA = browser.begin();
    while (srpA.length % 2 === 0) srpA = browser.begin();
    for (const sent of [srpA, `0${srpA}`, srpA.toUpperCase(), srpA.padStart(770, "0")]) {
      const { state, challenge } = started(verifier, sent);
      const signature = browser.sign(identity, password, challenge);
      expect(
        verifySrpSignature(state, {
          ...identity,
          secretBlock: challenge.secretBlock,
          timestamp,
          signature,
        }),
      ).toBe(true);
    }
  });

  it("passes whichever sign B has", () => {
    for (let run = 0; run < 6; run++) {
      expect(signIn(verifier, password, withSign(0)).ok).toBe(true);
      expect(signIn(verifier, password, withSign(1)).ok).toBe(true);
    }
  });

  it("passes with the state read back from where it was kept, any number of times", () => {
    const { state, proof } = signIn(verifier);
    expect(state).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(verifySrpSignature(String(JSON.parse(JSON.stringify(state))), proof)).toBe(true);
  });
});

describe("a sign-in that must fail", () => {
  it.each([
    ["another password", "Correct-horse 8"],
    ["another case", password.toLowerCase()],
    ["no password", ""],
    ["a blank at the end", `${password} `],
    ["the password cut", password.slice(0, -1)],
  ])("fails with %s, whichever sign B has", (_, typed) => {
    for (let run = 0; run < 3; run++) {
      expect(signIn(verifier, typed, withSign(0)).ok).toBe(false);
      expect(signIn(verifier, typed, withSign(1)).ok).toBe(false);
    }
  });

  it("compares composed and decomposed letters as different", () => {
    expect(signIn(makeSrpVerifier(identity, "é", systemRandom), "e\u0301").ok).toBe(false);
  });

  const good = signIn(verifier);
  const flippedBit = (bytes: Uint8Array, bit: number) => {
    const flipped = Buffer.from(bytes);
    flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    return flipped;
  };
  const changed: [string, Partial<SrpProof>][] = [
    ["pool", { poolName: "AbCdEf124" }],
    ["user", { userIdForSrp: "bob" }],
    ["user in another case", { userIdForSrp: "Alice" }],
    ["secret block", { secretBlock: flippedBit(good.proof.secretBlock, 100) }],
    ["secret block cut", { secretBlock: good.proof.secretBlock.subarray(1) }],
    ["empty secret block", { secretBlock: new Uint8Array() }],
    ["second of the timestamp", { timestamp: "Mon Nov 23 06:30:17 UTC 2026" }],
    ["timestamp of another form", { timestamp: "2026-11-23T06:30:16Z" }],
    ["timestamp without bound", { timestamp: `${timestamp}${" ".repeat(10_000)}` }],
    ["signature without its padding", { signature: good.proof.signature.slice(0, -1) }],
    ["signature with a blank", { signature: `${good.proof.signature} ` }],
    ["empty signature", { signature: "" }],
    ["signature of zeros", { signature: Buffer.alloc(32).toString("base64") }],
    [
      "signature in hex",
      { signature: Buffer.from(good.proof.signature, "base64").toString("hex") },
    ],
  ];

  it.each(changed)("fails with another %s", (_, change) => {
    expect(good.ok).toBe(true);
    expect(verifySrpSignature(good.state, { ...good.proof, ...change })).toBe(false);
  });

  it("fails with any bit of the signature flipped", () => {
    const signature = Buffer.from(good.proof.signature, "base64");
    for (let bit = 0; bit < 256; bit += 5) {
      const flipped = flippedBit(signature, bit).toString("base64");
      expect(verifySrpSignature(good.state, { ...good.proof, signature: flipped })).toBe(false);
    }
  });

  it("fails where the border between pool name and user moves, unless the words run together alike", () => {
    // Cognito signs them without a border; the verifier tells them apart by x only if the whole differs.
    const moved = { poolName: "AbCdEf123a", userIdForSrp: "lice" };
    expect(verifySrpSignature(good.state, { ...good.proof, ...moved })).toBe(true);
    expect(verifySrpSignature(good.state, { ...good.proof, poolName: "AbCdEf12" })).toBe(false);
  });

  it("fails with the state of another sign-in of the same user", () => {
    expect(verifySrpSignature(signIn(verifier).state, good.proof)).toBe(false);
  });

  it("fails with any changed part of the state, and throws on what is no state", () => {
    const state = Buffer.from(good.state, "base64url");
    for (const bit of [0, 3071, 3072, 6143, 6145, 6399, 6400, 6655]) {
      const other = flippedBit(state, bit).toString("base64url");
      expect(verifySrpSignature(other, good.proof)).toBe(false);
    }
    expect(() => verifySrpSignature(good.state.slice(4), good.proof)).toThrow("no SRP state");
    expect(() => verifySrpSignature("", good.proof)).toThrow("no SRP state");
  });

  it("fails when u is zero, where S would not depend on the password", () => {
    const [a, b] = [7n, 1n << 255n];
    const state = Buffer.concat([
      fixedBytes(power(2n, a), 384),
      Buffer.from(verifier.verifier, "hex"),
      fixedBytes(b, 32),
      Buffer.alloc(32),
    ]).toString("base64url");
    const challenge = { salt: verifier.salt, srpB: "", secretBlock: randomBytes(32) };
    // What an attacker would compute without knowing the password.
    const S = power(power(2n, a), b);
    for (const guess of [S, N - S]) {
      const signature = signed(identity, challenge, { S: guess, u: 0n });
      const proof = { ...identity, secretBlock: challenge.secretBlock, timestamp, signature };
      expect(verifySrpSignature(state, proof)).toBe(false);
    }
  });
});

describe("the client's A", () => {
  const multiplesOfN = [0n, N, 2n * N, 3n * N].map((A) => A.toString(16));

  it.each([
    ...multiplesOfN,
    `00${N.toString(16)}`,
    (N + 1n).toString(16),
    "f".repeat(768),
    "0".repeat(770),
  ])("is refused when it is zero modulo N or no number below N (%#)", (srpA) => {
    expect(startSrp(verifier, srpA, systemRandom)).toBeUndefined();
  });

  it.each(["", "xyz", "0x12", "-1", "+1", "1.5", "12 34", "12\n", " 12", "1_0", "１２", "1n"])(
    "is refused when it is not hex: %j",
    (srpA) => {
      expect(startSrp(verifier, srpA, systemRandom)).toBeUndefined();
    },
  );

  it("is refused by its length before any arithmetic", () => {
    expect(startSrp(verifier, "1".repeat(771), systemRandom)).toBeUndefined();
    expect(startSrp(verifier, "0".repeat(10_000_000), systemRandom)).toBeUndefined();
  });

  it("is taken from 1 to N − 1, and even the degenerate ones prove nothing", () => {
    for (const A of [1n, N - 1n]) {
      const { state, challenge } = started(verifier, A.toString(16));
      // Without v the best guesses at S are those that ignore it.
      for (const S of [1n, N - 1n]) {
        const u = hashed(padded(A), padded(BigInt(`0x${challenge.srpB}`)));
        const signature = signed(identity, challenge, { S, u });
        const proof = { ...identity, secretBlock: challenge.secretBlock, timestamp, signature };
        expect(verifySrpSignature(state, proof)).toBe(false);
      }
    }
  });
});

describe("the server's B", () => {
  const srpA = client().begin();
  /** Euler's criterion: is the number a square modulo N? */
  const isSquare = (number: bigint) => power(number, (N - 1n) / 2n) === 1n;
  const remainder = ({ srpB }: { srpB: string }, v: bigint) =>
    (((BigInt(`0x${srpB}`) - k * v) % N) + N) % N;

  it("is new every time", () => {
    const seen = Array.from({ length: 20 }, () => started(verifier, srpA).srpB);
    expect(new Set(seen).size).toBe(20);
  });

  it("does not tell the right verifier from a wrong one by what is a square", () => {
    const v = BigInt(`0x${verifier.verifier}`);
    expect(isSquare(2n)).toBe(true);
    expect(isSquare(remainder(started(verifier, srpA, withSign(0)), v))).toBe(true);
    expect(isSquare(remainder(started(verifier, srpA, withSign(1)), v))).toBe(false);
  });

  it("is k·v ± g^b for the b that the state holds", () => {
    const { srpB, state } = started(verifier, srpA, withSign(0));
    const b = toInteger(Buffer.from(state, "base64url").subarray(768, 800));
    expect(b >> 255n).toBe(1n);
    const v = BigInt(`0x${verifier.verifier}`);
    expect(BigInt(`0x${srpB}`)).toBe((k * v + bigIntPower(2n, b)) % N);
  });

  it("is never made from a stored verifier that is no number of the group", () => {
    for (const broken of ["", "0", N.toString(16), "not hex"]) {
      expect(() => startSrp({ ...verifier, verifier: broken }, srpA, systemRandom)).toThrow(
        "the stored SRP verifier is no number of the group",
      );
    }
  });
});

describe("a simulated user", () => {
  const secret = randomBytes(32);
  const simulated = simulateSrpUser(secret, "nobody");

  it("is the same every time for the same name, and another for another name or pool", () => {
    expect(simulateSrpUser(secret, "nobody")).toEqual(simulated);
    const others = [simulateSrpUser(secret, "nobody2"), simulateSrpUser(randomBytes(32), "nobody")];
    for (const field of ["userId", "salt", "verifier"] as const) {
      expect(new Set([simulated, ...others].map((user) => user[field])).size).toBe(3);
    }
  });

  it("has the form of a real one", () => {
    for (let run = 0; run < 50; run++) {
      const user = simulateSrpUser(secret, `nobody ${run}`);
      expect(user.userId).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
      expect(user.salt).toMatch(/^[0-9a-f]{32}$/);
      expect(user.verifier).toHaveLength(verifier.verifier.length);
      expect(BigInt(`0x${user.verifier}`) < N).toBe(true);
    }
    expect(verifier.salt).toMatch(/^[0-9a-f]{32}$/);
  });

  it("begins like a real one and fails with every password", () => {
    const start = started(simulated, client().begin());
    expect(start.state).toHaveLength(started(verifier, client().begin()).state.length);
    for (const typed of ["", password, "nobody"]) expect(signIn(simulated, typed).ok).toBe(false);
  });

  it("takes a name of any length", () => {
    expect(simulateSrpUser(secret, "x".repeat(5000)).salt).toHaveLength(32);
  });
});

/** What arithmetic alone allows: the part of each operation that no server can leave out, with nothing around it. */
import { generateKeyPairSync, sign, verify as verifySignature } from "node:crypto";
import { availableParallelism } from "node:os";
import { hash, verify } from "@node-rs/argon2";
import { power, randomExponent } from "./srp.ts";

/** Measures for so long; answers how many operations a second were possible. */
export type Limit = (seconds: number) => Promise<number>;

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const passkey = generateKeyPairSync("ec", { namedCurve: "P-256" });
/** As long as what an authenticator signs: its data and the hash of the page's. */
const assertion = Buffer.alloc(37 + 32, "a");
const assertionSignature = sign("sha256", assertion, passkey.privateKey);
/** As long as the header and the claims of an access token. */
const claims = Buffer.alloc(640, "a");
const base = power(2n, randomExponent());
const exponents = [randomExponent(), randomExponent(), randomExponent()];

/** An ID and an access token: two RS256 signatures with keys of 2048 bits, on one core. */
export const twoSignatures: Limit = async (seconds) => rate(seconds, signTwice);

/** The access token of a program: one RS256 signature, on one core. */
export const oneSignature: Limit = async (seconds) =>
  rate(seconds, () => void sign("sha256", claims, privateKey));

/** The check of a passkey's signature, ES256, and the two tokens, on one core. */
export const passkeyArithmetic: Limit = async (seconds) =>
  rate(seconds, () => {
    if (!verifySignature("sha256", assertion, passkey.publicKey, assertionSignature)) {
      throw new Error("the signature is right");
    }
    signTwice();
  });

/** The server's part of SRP, three powers modulo a prime of 3072 bits, and the two tokens, on one core. */
export const srpArithmetic: Limit = async (seconds) =>
  rate(seconds, () => {
    for (const exponent of exponents) power(base, exponent);
    signTwice();
  });

/** How many passwords the server hashes at once on this machine. */
export const hashesAtOnce = Math.max(1, availableParallelism() - 1);

/** argon2id with 19 MiB and two passes, as many at once as the server allows itself. */
export const argon2id: Limit = async (seconds) => {
  const phc = await hash("correct horse battery staple", { memoryCost: 19_456, timeCost: 2 });
  let done = 0;
  const startedAt = performance.now();
  const until = startedAt + seconds * 1000;
  const work = async () => {
    while (performance.now() < until) {
      await verify(phc, "correct horse battery staple");
      done++;
    }
  };
  await Promise.all(Array.from({ length: hashesAtOnce }, work));
  return (done * 1000) / (performance.now() - startedAt);
};

function signTwice(): void {
  sign("sha256", claims, privateKey);
  sign("sha256", claims, privateKey);
}

function rate(seconds: number, work: () => void): number {
  const startedAt = performance.now();
  let elapsedMs = 0;
  let done = 0;
  while (elapsedMs < seconds * 1000) {
    work();
    done++;
    elapsedMs = performance.now() - startedAt;
  }
  return (done * 1000) / elapsedMs;
}

/** Confirming a device: its client drew a secret and sends what proves it by SRP. */
import {
  deviceKeyExists,
  deviceNotFound,
  invalidParameter,
  missingRequiredParameter,
} from "../../errors/cognito-idp.ts";
import { confirmDevice as confirmRow, findDevice } from "../../store/devices.ts";
import { groupBytes, N, toInteger } from "../auth/srp-group.ts";
import type { UserCall } from "../call.ts";
import { verifierPlace } from "./device.ts";

export type GivenVerifier = {
  readonly salt: string | undefined;
  readonly passwordVerifier: string | undefined;
};

/** Clients take 16 bytes, with a zero byte in front of a high bit. */
const maxSaltBytes = 64;

/**
 * Confirms a new device of the caller, once. Tells whether the user must still agree to its being remembered
 * (UpdateDeviceStatus).
 */
export async function confirmDevice(
  call: UserCall,
  given: { deviceKey: string; name: string | undefined; verifier: GivenVerifier },
): Promise<{ userConfirmationNecessary: boolean }> {
  const { pool, user } = call;
  const key = { userPoolId: pool.id, userId: user.id, deviceKey: given.deviceKey };
  const { salt, verifier } = readVerifier(given.verifier);
  const userConfirmationNecessary =
    pool.settings.deviceConfiguration?.deviceOnlyRememberedOnUserPrompt ?? true;
  const sealed = call.vault.seal(verifierPlace(key), verifier);
  await call.change(async (trx) => {
    const confirmed = await confirmRow(trx, {
      ...key,
      name: given.name ?? null,
      salt,
      verifier: sealed,
      status: userConfirmationNecessary ? "not_remembered" : "remembered",
      nowMs: call.clock.now(),
    });
    if (confirmed) return;
    throw (await findDevice(trx, key)) ? deviceKeyExists() : deviceNotFound();
  });
  return { userConfirmationNecessary };
}

/** Both numbers in hex, as SRP takes them; clients send base64 of big-endian bytes (Amplify, getNewDeviceMetadata). */
function readVerifier(given: GivenVerifier): { salt: string; verifier: string } {
  const salt = readNumber("Salt", given.salt, maxSaltBytes);
  const verifier = readNumber("PasswordVerifier", given.passwordVerifier, groupBytes + 1);
  // With zero modulo N any secret would pass.
  if (verifier === 0n || verifier >= N) throw invalidNumber("PasswordVerifier");
  return { salt: evenHex(salt), verifier: evenHex(verifier) };
}

function readNumber(name: string, text: string | undefined, maxBytes: number): bigint {
  if (text === undefined || text === "") throw missingRequiredParameter(name);
  if (text.length > 4 * Math.ceil(maxBytes / 3)) throw invalidNumber(name);
  const bytes = Buffer.from(text, "base64");
  if (bytes.length > maxBytes || bytes.toString("base64") !== text) throw invalidNumber(name);
  return toInteger(bytes);
}

function invalidNumber(name: string) {
  return invalidParameter(`Invalid ${name} in DeviceSecretVerifierConfig.`);
}

function evenHex(number: bigint): string {
  const hex = number.toString(16);
  return hex.length % 2 === 0 ? hex : `0${hex}`;
}

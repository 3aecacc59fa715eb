/** Administrators sign with Signature Version 4. Until IAM stands only the root keys do; everybody else is refused. */
import type { Principal } from "../domain/call.ts";
import type { Context } from "../domain/context.ts";
import { ServiceError } from "../errors/service-error.ts";
import type { SigningCredential, SigningKeys } from "../protocol/sigv4/signing-keys.ts";
import { verifySignature } from "../protocol/sigv4/verify-signature.ts";
import type { WireRequest } from "../protocol/wire.ts";

export type SignerKeys = {
  readonly keys: SigningKeys<SigningCredential>;
  /** The machine's time: moving the product's clock does not move the window of a signature. */
  readonly now: () => number;
};

/** More than two readings of one clock differ by. */
const movedMs = 1_000;

/** The principal who signed this request for this service; throws AWS's refusal otherwise. */
export async function verifySigner(
  context: Context,
  signers: SignerKeys,
  { request, service }: { request: WireRequest; service: string },
): Promise<Principal> {
  const { method, rawUrl, rawHeaders, body } = request;
  const verifyAt = (nowMs: number) =>
    verifySignature({ method, rawUrl, rawHeaders, body }, signers.keys, {
      nowMs,
      expected: { service },
    });
  const machineMs = signers.now();
  const clockMs = context.clock.now();
  const atMachine = await verifyAt(machineMs);
  // SDKs take the time from our `Date`, which shows the moved one; only development has a clock that moves.
  const isMoved = Math.abs(clockMs - machineMs) > movedMs;
  const verified = !atMachine.ok && isMoved ? await verifyAt(clockMs) : atMachine;
  if (!verified.ok) {
    const { code, message, detailForLog } = verified;
    context.log.warn({ requestId: request.requestId, code, detailForLog }, "signature refused");
    throw new ServiceError(code, message);
  }
  return {
    arn: `arn:aws:iam::${context.settings.accountId}:root`,
    accessKeyId: verified.accessKeyId,
    region: verified.region,
  };
}

/** What a sign-in has proved so far; it travels sealed in each of its challenges. */
import type { AuthFlowName } from "../clients/client.ts";
import type { User } from "../users/user.ts";

export type Proof =
  /** First factors. */
  | "PASSWORD"
  | "EMAIL_OTP"
  | "SMS_OTP"
  | "WEB_AUTHN"
  /** A passkey whose authenticator verified its user: two factors where the pool counts it so. */
  | "WEB_AUTHN_VERIFIED"
  /** The code of a sign-up that was confirmed a moment ago. */
  | "SIGN_UP"
  | "CUSTOM_CHALLENGE"
  /** A password chosen in place of a temporary one. */
  | "NEW_PASSWORD"
  /** Second factors. */
  | "SMS_MFA"
  | "SOFTWARE_TOKEN_MFA"
  | "EMAIL_MFA"
  | "RECOVERY_CODE"
  | "DEVICE";

/** One step of a custom authentication flow, as the triggers are told of it (AWS, "Define Auth challenge Lambda trigger"). */
export type ChallengeResult = {
  readonly challengeName: string;
  readonly challengeResult: boolean;
  readonly challengeMetadata?: string;
};

export type Progress = {
  readonly flow: AuthFlowName;
  readonly proved: readonly Proof[];
  /** The password as it was: whatever was proved is void once it is another. */
  readonly passwordHash: string | null;
  /** DEVICE_KEY, as the client named its device. */
  readonly deviceKey?: string;
  /** What the custom flow has been through. */
  readonly custom?: readonly ChallengeResult[];
};

/** A sign-in that has proved nothing yet. */
export function beginProgress(
  flow: AuthFlowName,
  given: { user: User | undefined; deviceKey?: string },
): Progress {
  const { user, deviceKey } = given;
  return {
    flow,
    proved: [],
    passwordHash: user?.passwordHash ?? null,
    ...(deviceKey === undefined ? {} : { deviceKey }),
  };
}

/** The progress after one more proof, of which the functions of a custom flow are told. */
export function withProof(progress: Progress, proof: Proof): Progress {
  const proved = { ...progress, proved: [...progress.proved, proof] };
  const challengeName = toldAs[proof];
  return progress.flow === "CUSTOM_AUTH" && challengeName !== undefined
    ? withResult(proved, { challengeName, challengeResult: true })
    : proved;
}

/** The progress without a proof that counts no more. */
export function withoutProof(progress: Progress, proof: Proof): Progress {
  return { ...progress, proved: progress.proved.filter((each) => each !== proof) };
}

/** The progress after one more step of a custom flow. */
export function withResult(progress: Progress, result: ChallengeResult): Progress {
  return { ...progress, custom: [...(progress.custom ?? []), result] };
}

const toldAs: Readonly<Partial<Record<Proof, string>>> = {
  PASSWORD: "PASSWORD_VERIFIER",
  SMS_MFA: "SMS_MFA",
  SOFTWARE_TOKEN_MFA: "SOFTWARE_TOKEN_MFA",
  EMAIL_MFA: "EMAIL_OTP",
  DEVICE: "DEVICE_PASSWORD_VERIFIER",
};

export function hasProved(progress: Progress, ...proofs: readonly Proof[]): boolean {
  return proofs.some((proof) => progress.proved.includes(proof));
}

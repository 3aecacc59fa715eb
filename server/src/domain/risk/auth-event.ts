/** What the history of a user is made of. */
import type { AuthEventRow } from "../../store/auth-events.ts";

export type AuthEventType =
  | "SignIn"
  | "SignUp"
  | "ForgotPassword"
  | "PasswordChange"
  | "ResendCode";

export type AuthEventResponse = "Pass" | "Fail" | "InProgress";

/** AWS has two names: the password, and whatever else a user shows. */
export type ChallengeResponse = {
  readonly name: "Password" | "Mfa";
  readonly response: "Success" | "Failure";
};

/** What is kept of an event beside its columns. */
export type AuthEventFacts = {
  readonly challenges: readonly ChallengeResponse[];
  readonly ipAddress: string;
  readonly deviceName: string;
  readonly isCompromised: boolean;
  readonly isBlocked: boolean;
};

/** What somebody said of an event. */
export type Feedback = {
  readonly value: "Valid" | "Invalid";
  readonly provider: string;
  readonly atMs: number;
};

export type AuthEvent = {
  readonly id: string;
  readonly type: AuthEventType;
  readonly response: AuthEventResponse;
  readonly atMs: number;
  readonly facts: AuthEventFacts;
  readonly feedback: Feedback | undefined;
};

export function authEventFromRow(row: AuthEventRow): AuthEvent {
  return {
    id: row.id,
    // Only recordAuthEvent and giveFeedback write these columns.
    type: row.type as AuthEventType,
    response: row.response as AuthEventResponse,
    atMs: row.at_ms,
    facts: JSON.parse(row.event) as AuthEventFacts,
    feedback: row.feedback === null ? undefined : (JSON.parse(row.feedback) as Feedback),
  };
}

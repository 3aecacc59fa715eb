/** Sign-ins that cannot go on before the user has done something else. */
import type { Outcome } from "../domain/auth/sign-in.ts";
import { type Call, closeCall } from "../domain/call.ts";
import { ServiceError } from "../errors/service-error.ts";
import type { WireAnswer } from "../protocol/wire.ts";
import { type Advance, advance } from "./advance.ts";
import { confirmFirst } from "./confirm.ts";
import { goToReset } from "./recovery.ts";
import type { PageRequest } from "./show.ts";

/** Goes on from what the machine answers; leads to the page for what it asks of the user first. */
export async function advanceOrDetour(
  call: Call,
  request: PageRequest,
  given: Advance & { outcome: Promise<Outcome> },
): Promise<WireAnswer> {
  const outcome = await given.outcome.catch(asDetour);
  if (!(outcome instanceof ServiceError)) return advance(call, request, { ...given, outcome });
  await closeCall(call, outcome);
  const { authorization, browser, username } = given;
  const user = { authorization, browser, username };
  return outcome.code === "UserNotConfirmedException"
    ? confirmFirst(call, request, user)
    : goToReset(call, request, user);
}

function asDetour(error: unknown): ServiceError {
  const led = ["UserNotConfirmedException", "PasswordResetRequiredException"];
  if (error instanceof ServiceError && led.includes(error.code)) return error;
  throw error;
}

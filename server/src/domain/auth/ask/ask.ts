/** Putting a challenge to whoever signs in: what its kind prepared, sealed under a Session. */
import type { Db } from "../../../store/schema.ts";
import type { Call } from "../../call.ts";
import type { Dispatch } from "../../messages/dispatch.ts";
import { type Candidate, shownNameOf } from "../candidate.ts";
import { prepareChallenge } from "../challenge.ts";
import type { Progress } from "../progress.ts";
import type { ChallengeName, Outcome, Parameters, SignIn } from "../sign-in.ts";

/** A challenge as its kind prepares it. */
export type Asked = {
  readonly name: ChallengeName;
  readonly parameters: Parameters;
  /** What is needed to check the answer. */
  readonly state?: object;
  /** SECRET_BLOCK, by which a client may answer that sends no Session. */
  readonly secretBlock?: string;
  /** In a choice-based sign-in: what the user may begin with. */
  readonly available?: readonly string[];
  /** The message that carries the code. */
  readonly dispatch?: Dispatch | undefined;
};

/** Whom a challenge is put to, and what has been proved so far. */
export type Asking = {
  readonly who: Pick<Candidate, "name" | "user">;
  readonly progress: Progress;
};

/** Stores the challenge, in one transaction with what `settle` does, and sends its message. */
export async function ask(
  call: Call,
  signIn: SignIn,
  given: Asking & { asked: Asked; settle?: (trx: Db) => Promise<unknown> },
): Promise<Outcome> {
  const { who, progress, asked, settle } = given;
  const userIdForSrp = shownNameOf(call, signIn.pool, { ...who, lock: undefined });
  const challenge = prepareChallenge(call, signIn, {
    name: asked.name,
    userId: who.user?.id,
    username: who.name,
    state: { ...asked.state, progress, userIdForSrp },
    ...(asked.secretBlock === undefined ? {} : { secretBlock: asked.secretBlock }),
  });
  call.about.more["challengeName"] = asked.name;
  await call.change(async (trx) => {
    await settle?.(trx);
    await challenge.store(trx);
    await asked.dispatch?.store(trx);
  });
  await asked.dispatch?.send();
  return {
    challenge: {
      name: asked.name,
      session: challenge.session,
      parameters: asked.parameters,
      available: asked.available,
    },
  };
}

/** Sending a code to whom a public call names, or only seeming to, so that no answer tells the one from the other. */
import type { ServiceError } from "../../errors/service-error.ts";
import type { Db } from "../../store/schema.ts";
import type { Call } from "../call.ts";
import type { ClientInPool } from "../clients/client.ts";
import { type CodePurpose, type CodeTarget, storeCode } from "../codes/code.ts";
import type { Dispatch } from "../messages/dispatch.ts";
import type { ContactAttribute } from "../pools/pool.ts";
import type { MessageOccasion } from "../triggers/custom-message.ts";
import { readAnew } from "./change.ts";
import { issueCode } from "./issue-code.ts";
import type { Named } from "./named.ts";
import type { User } from "./user.ts";

/** What decides about the code that a call asks for. */
type CodeRequest = {
  readonly named: Named;
  readonly purpose: CodePurpose;
  readonly occasion: MessageOccasion;
  /** The kinds of address that it may go to, the preferred one first. */
  readonly kinds: readonly ContactAttribute[];
  contactOf(user: User): CodeTarget | undefined;
  refusalOf(user: User, contact: CodeTarget | undefined): ServiceError | undefined;
  /** Whether the caller must take a refused user for one who got a code. */
  hidesRefusal(user: User): boolean;
};

/** Sends the code, or stores one that nobody gets; answers where it went, or would have gone. */
export async function sendCode(
  call: Call,
  at: ClientInPool,
  request: CodeRequest,
): Promise<CodeTarget> {
  const sent = await call.change((trx) => storeSent(trx, call, { at, request }));
  await sent.dispatch?.send();
  return sent.target;
}

type Sent = { readonly target: CodeTarget; readonly dispatch?: Dispatch };

async function storeSent(
  trx: Db,
  call: Call,
  { at, request }: { at: ClientInPool; request: CodeRequest },
): Promise<Sent | ServiceError> {
  const { pool, client } = at;
  const { named, purpose, occasion } = request;
  const user = named.user && (await readAnew(trx, pool, named.user));
  const target = user && request.contactOf(user);
  const refusal = user && request.refusalOf(user, target);
  if (user && target && !refusal) {
    return {
      target,
      dispatch: await issueCode(trx, call, { pool, client, user, purpose, occasion, target }),
    };
  }
  if (user && refusal && !request.hidesRefusal(user)) return refusal;
  call.about.more["codeSent"] = false;
  const invented = target ?? named.standIn.contact(request.kinds);
  // Nobody gets this code, and nobody can type it.
  const code = call.random.bytes(32).toString("base64url");
  const owner = { id: named.subject };
  await storeCode(trx, call, { pool, user: owner, purpose, code, target: invented });
  return { target: invented };
}

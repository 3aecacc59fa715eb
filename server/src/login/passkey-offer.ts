/** The browser's own list of passkeys, offered in the field for the name (WebAuthn Level 3 §5.1.4, conditional mediation). */
import { beginByPasskey } from "../domain/auth/begin/passkey.ts";
import type { Call } from "../domain/call.ts";
import { makeAuthentication } from "../domain/passkeys/authenticate.ts";
import { isAllowedOrigin, relyingPartyOf } from "../domain/passkeys/relying-party.ts";
import type { AuthorizationRequest } from "../oauth/authorize/request.ts";
import { type Parameters, writeParameters } from "../protocol/parameters.ts";
import type { WireAnswer } from "../protocol/wire.ts";
import { advance, signInOf } from "./advance.ts";
import type { Browser } from "./browser.ts";
import { beginFlow, endFlow, loadFlow } from "./flow.ts";
import type { PageRequest } from "./show.ts";

/** What the page needs for it: request options, and the handle of the challenge in them. */
export type PasskeyOffer = { readonly options: string; readonly handle: string };

type Given = { readonly authorization: AuthorizationRequest; readonly browser: Browser };

/** Draws a challenge where users of the pool may begin with a passkey and this page may ask for one. */
export async function offerPasskey(
  call: Call,
  request: PageRequest,
  { authorization, browser }: Given,
): Promise<PasskeyOffer | undefined> {
  const { pool, client } = authorization;
  const party = relyingPartyOf(call, pool);
  const mayBegin = pool.settings.allowedFirstAuthFactors.includes("WEB_AUTHN");
  if (!mayBegin || !party || !isAllowedOrigin(party.id, request.origin)) return undefined;
  const { options, expectedChallenge } = await makeAuthentication(
    call,
    { pool, client },
    undefined,
  );
  const handle = await beginFlow(call, request, {
    browser,
    clientId: client.id,
    query: writeParameters(authorization.carried),
    step: { kind: "passkey", expectedChallenge },
  });
  return { options, handle };
}

/** Signs in whoever the chosen passkey belongs to. */
export async function signInByPasskey(
  call: Call,
  request: PageRequest,
  given: Given & { form: Parameters },
): Promise<WireAnswer> {
  const { authorization, browser, form } = given;
  const flow = await loadFlow(call, request, {
    browser,
    kind: "passkey",
    handle: form.get("passkey"),
  });
  const outcome = await beginByPasskey(call, signInOf(authorization), {
    credential: form.get("credential") ?? "",
    expectedChallenge: flow.step.expectedChallenge,
    take: (trx) => endFlow(call, flow, trx),
  });
  return advance(call, request, { authorization, browser, username: nameIn(outcome), outcome });
}

/** Whom a further challenge is put to. */
function nameIn(outcome: Awaited<ReturnType<typeof beginByPasskey>>): string {
  return "challenge" in outcome ? (outcome.challenge.parameters["USER_ID_FOR_SRP"] ?? "") : "";
}

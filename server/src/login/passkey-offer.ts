/** The browser's own list of passkeys, offered in the field for the name (WebAuthn Level 3 §5.1.4, conditional mediation). */
import { beginByPasskey } from "../domain/auth/begin/passkey.ts";
import type { Call } from "../domain/call.ts";
import { makeAuthentication } from "../domain/passkeys/authenticate.ts";
import { drawOpenChallenge, findOpenChallenge } from "../domain/passkeys/open-challenge.ts";
import type { AuthorizationRequest } from "../oauth/authorize/request.ts";
import type { Parameters } from "../protocol/parameters.ts";
import type { WireAnswer } from "../protocol/wire.ts";
import { advance, signInOf } from "./advance.ts";
import type { Browser } from "./browser.ts";
import { flowOver } from "./flow.ts";
import { asksForPasskeys } from "./passkeys-here.ts";
import type { PageRequest } from "./show.ts";

/** What the page needs for it: request options, and the handle of the challenge in them. */
export type PasskeyOffer = { readonly options: string; readonly handle: string };

type Given = { readonly authorization: AuthorizationRequest; readonly browser: Browser };

/**
 * Draws a challenge where users of the pool may begin with a passkey and this page may ask for one. Nothing is stored of it: anybody
 * may fetch the page, as often as they like.
 */
export async function offerPasskey(
  call: Call,
  request: PageRequest,
  { authorization, browser }: Given,
): Promise<PasskeyOffer | undefined> {
  const { pool, client } = authorization;
  const mayBegin = pool.settings.allowedFirstAuthFactors.includes("WEB_AUTHN");
  if (!mayBegin || !asksForPasskeys(call, request)) return undefined;
  const asked = { pool, client, browserHash: browser.hash };
  const { challenge, handle } = drawOpenChallenge(call, asked);
  const options = await makeAuthentication(call, asked, { user: undefined, challenge });
  return { options, handle };
}

/** Signs in whoever the chosen passkey belongs to. */
export async function signInByPasskey(
  call: Call,
  request: PageRequest,
  given: Given & { form: Parameters },
): Promise<WireAnswer> {
  const { authorization, browser, form } = given;
  const { pool, client } = authorization;
  call.about.requestParameters = { challengeName: "WEB_AUTHN" };
  const asked = { pool, client, browserHash: browser.hash };
  const open = findOpenChallenge(call, asked, form.get("passkey") ?? "");
  if (!open) throw flowOver();
  const outcome = await beginByPasskey(call, signInOf(authorization), {
    credential: form.get("credential") ?? "",
    expectedChallenge: open.challenge,
    async take(trx) {
      if (!(await open.take(trx))) throw flowOver();
    },
  });
  return advance(call, request, { authorization, browser, username: nameIn(outcome), outcome });
}

/** Whom a further challenge is put to. */
function nameIn(outcome: Awaited<ReturnType<typeof beginByPasskey>>): string {
  return "challenge" in outcome ? (outcome.challenge.parameters["USER_ID_FOR_SRP"] ?? "") : "";
}

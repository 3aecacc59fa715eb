/** What a request may say besides: `prompt`, `max_age`, `nonce`, `resource`, `dpop_jkt`, `login_hint`. */
import type { UserPoolClient } from "../../domain/clients/client.ts";
import { oauthError } from "../../errors/oauth.ts";
import type { Parameters } from "../../protocol/parameters.ts";
import { type AuthorizationRequest, type Prompt, prompts } from "./request.ts";

const maxNonceCharacters = 1024;
const maxResourceCharacters = 1024;
const maxHintCharacters = 256;

type Options = Pick<
  AuthorizationRequest,
  "prompts" | "maxAgeSeconds" | "nonce" | "resource" | "dpopJkt" | "loginHint"
>;

export function readOptions(client: UserPoolClient, parameters: Parameters): Options {
  const nonce = parameters.get("nonce");
  if (nonce !== undefined && nonce.length > maxNonceCharacters) {
    throw oauthError("invalid_request", "nonce is too long.");
  }
  return {
    prompts: readPrompts(parameters.get("prompt")),
    maxAgeSeconds: readMaxAge(parameters.get("max_age")),
    nonce,
    resource: readResource(parameters.get("resource")),
    dpopJkt: readThumbprint(client, parameters.get("dpop_jkt")),
    loginHint: (parameters.get("login_hint") ?? "").slice(0, maxHintCharacters),
  };
}

/** RFC 9449 §10; nothing to a client without DPoP, which could not redeem what is bound to a key. */
function readThumbprint(
  { extensions }: UserPoolClient,
  given: string | undefined,
): string | undefined {
  const { dpop = "off" } = extensions;
  if (given === undefined || dpop === "off") return undefined;
  if (!/^[\w-]{43}$/.test(given)) {
    throw oauthError("invalid_request", "dpop_jkt is no thumbprint.");
  }
  return given;
}

function readPrompts(given: string | undefined): readonly Prompt[] {
  const asked = (given ?? "").split(" ").filter((each) => each !== "");
  const known = prompts.filter((each) => asked.includes(each));
  if (known.length !== new Set(asked).size) {
    throw oauthError("invalid_request", `prompt must be of ${prompts.join(", ")}.`);
  }
  // OpenID Connect Core §3.1.2.1: `none` goes with nothing else.
  if (known.includes("none") && known.length > 1) {
    throw oauthError("invalid_request", "prompt=none goes with no other prompt.");
  }
  return known;
}

function readMaxAge(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  if (!/^\d{1,9}$/.test(given)) throw oauthError("invalid_request", "max_age is no number.");
  return Number(given);
}

/** RFC 8707 §2: an absolute URI without a fragment. */
export function readResource(given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  const isUri =
    given.length <= maxResourceCharacters && URL.canParse(given) && !given.includes("#");
  if (!isUri) throw oauthError("invalid_target", "resource must be an absolute URI.");
  return given;
}

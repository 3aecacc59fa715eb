/** An authorization request that was checked, and where its answer goes. */
import type { UserPoolClient } from "../../domain/clients/client.ts";
import type { WaitingDevice } from "../../domain/grants/device-authorization.ts";
import type { PushedRequest } from "../../domain/grants/pushed-request.ts";
import type { UserPool } from "../../domain/pools/pool.ts";
import type { Parameters } from "../../protocol/parameters.ts";

export type ResponseMode = "query" | "fragment" | "form_post";

/** Where an answer goes: to a registered address of the client, with its `state` byte for byte. */
export type ResponseTarget = {
  readonly redirectUri: string;
  readonly mode: ResponseMode;
  readonly state: string | undefined;
};

export const prompts = ["none", "login", "consent", "select_account"] as const;
export type Prompt = (typeof prompts)[number];

export type AuthorizationRequest = {
  readonly pool: UserPool;
  readonly client: UserPoolClient;
  /** What is carried from page to page, to be read anew: all of it, or the reference to what the client pushed. */
  readonly carried: Parameters;
  /** What is used up by the answer. */
  readonly pushed: PushedRequest | undefined;
  readonly target: ResponseTarget;
  readonly redirectUriGiven: boolean;
  readonly responseType: "code" | "token";
  /** The device that is asked for, which gets its tokens by itself (RFC 8628): the browser carries no answer to it. */
  readonly device: WaitingDevice | undefined;
  /** Whether it is but for a sign-in on the way to a page of ours, the target: nothing is granted, and no client told. */
  readonly isForOwnPage: boolean;
  readonly scopes: readonly string[];
  readonly prompts: readonly Prompt[];
  readonly maxAgeSeconds: number | undefined;
  readonly nonce: string | undefined;
  readonly codeChallenge: string | undefined;
  readonly resource: string | undefined;
  readonly dpopJkt: string | undefined;
  /** The name that the user may sign in with. */
  readonly loginHint: string;
  /** The `sub` that the user must have, by `id_token_hint`. */
  readonly expectedSub: string | undefined;
};

/** What a client is answered, by way of the browser. */
export type ClientAnswer = {
  readonly target: ResponseTarget;
  readonly parameters: readonly (readonly [string, string])[];
};

/** What comes of a request: its client is told by way of the browser, or a device finds out by itself. */
export type Answer = ClientAnswer | { readonly device: "allowed" | "denied" };

/** What must happen before there is an answer. */
export type Needed = "sign-in" | "consent";

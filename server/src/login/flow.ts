/**
 * A sign-in under way in the pages, between one page and the next. What it knows is sealed in the database; the address
 * of the page names it, and only the browser that began it can go on with it.
 */
import { hash } from "node:crypto";
import type { ChallengeName } from "../domain/auth/sign-in.ts";
import type { Call } from "../domain/call.ts";
import { findLoginFlow, insertLoginFlow, takeLoginFlow } from "../domain/grants/login-flow.ts";
import { ServiceError } from "../errors/service-error.ts";
import type { EndpointRequest } from "../oauth/endpoint.ts";
import { type Parameters, readParameters } from "../protocol/parameters.ts";
import type { Browser } from "./browser.ts";

/** What the next page needs to know. */
export type Step =
  /** The machine of sign-in asks something. */
  | {
      readonly kind: "challenge";
      readonly name: ChallengeName;
      readonly session: string;
      readonly parameters: Readonly<Record<string, string>>;
      readonly available?: readonly string[];
      readonly username: string;
    }
  /** The user is signed in and is asked whether the client may have what it asks for. */
  | { readonly kind: "consent"; readonly loginSessionId: string }
  /** An account is to be confirmed. */
  | {
      readonly kind: "confirm";
      readonly username: string;
      readonly destination?: string;
      /** Whether what was sent is a link. */
      readonly byLink?: boolean;
    }
  /** A forgotten password is to be replaced. */
  | { readonly kind: "reset"; readonly username: string; readonly destination?: string }
  /** A device was found by the code that it shows (RFC 8628). */
  | { readonly kind: "device"; readonly deviceCodeHash: string; readonly userCode: string };

export type Flow<S extends Step = Step> = {
  readonly handle: string;
  readonly clientId: string;
  /** The query of the authorization request. */
  readonly query: string;
  readonly step: S;
};

const QUERY_CHARACTERS = 16_384;
const FLOW_MS = 15 * 60_000;

type Kept = { readonly query: string; readonly step: Step };

/** Remembers a step for this browser; answers the handle that the next page's address carries. */
export async function beginFlow(
  call: Call,
  request: EndpointRequest,
  given: { browser: Browser; clientId: string; query: string; step: Step },
): Promise<string> {
  const { browser, clientId, query, step } = given;
  const handle = call.random.bytes(32).toString("base64url");
  const kept: Kept = { query, step };
  await insertLoginFlow(call, {
    handleHash: hashOf(handle),
    userPoolId: request.pool.id,
    clientId,
    browserHash: browser.hash,
    state: JSON.stringify(kept),
    lifetimeMs: FLOW_MS,
  });
  return handle;
}

/** The flow that a page's address, or what a form says, names; throws where it is over, or another browser's. */
export async function loadFlow<Kind extends Step["kind"]>(
  call: Call,
  request: EndpointRequest,
  given: { browser: Browser; kind: Kind | readonly Kind[]; handle?: string | undefined },
): Promise<Flow<Extract<Step, { kind: Kind }>>> {
  const handle = given.handle ?? request.query().get("flow") ?? "";
  const found = await findLoginFlow(call, hashOf(handle));
  const isOurs = found?.userPoolId === request.pool.id && found.browserHash === given.browser.hash;
  if (!isOurs) throw flowOver();
  // Written by beginFlow.
  const { query, step } = JSON.parse(found.state) as Kept;
  const kinds: readonly string[] = typeof given.kind === "string" ? [given.kind] : given.kind;
  if (!kinds.includes(step.kind)) throw flowOver();
  const kept = step as Extract<Step, { kind: Kind }>;
  return { handle, clientId: found.clientId, query, step: kept };
}

/** The authorization request that a flow is for. */
export function queryOf({ query }: Pick<Flow, "query">): Parameters {
  return readParameters(query, QUERY_CHARACTERS);
}

/** Ends a flow that may be gone through once; throws when another request was faster. */
export async function endFlow(call: Call, { handle }: Pick<Flow, "handle">): Promise<void> {
  if (!(await takeLoginFlow(call, hashOf(handle)))) throw flowOver();
}

/** The refusal of a step whose time is over, or that is not this browser's. */
export function flowOver(): ServiceError {
  return new ServiceError("session-expired", "The sign-in took too long or was begun elsewhere.");
}

function hashOf(handle: string): string {
  return hash("sha256", handle, "base64url");
}

/** A REST API as the gateway serves it at `/_api/<id>/<stage>/…`: a table of routes, each with who may call it. */
import type { Call } from "../domain/call.ts";
import type { TokenHolder } from "../domain/tokens/holder.ts";

/** API Gateway's Cognito authorizer, and the group that an app would ask for behind it. */
export type Authorizer = {
  readonly userPoolIds: readonly string[];
  /** With scopes only access tokens are taken, and only those that hold one of them. */
  readonly requiredScopes?: readonly string[];
  /** The token must name this group, and the user must still be in it. */
  readonly requiredGroup?: string;
};

export type Caller = TokenHolder<"id" | "access">;

export type Route = {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** From the stage on, such as `/me`. */
  readonly path: string;
  readonly authorizer: Authorizer;
  /** The JSON answer to a caller whom the authorizer let through. */
  handle(call: Call, caller: Caller): Promise<object>;
};

export type RestApi = {
  /** Ten characters, as API Gateway's ids have. */
  readonly id: string;
  readonly stage: string;
  readonly routes: readonly Route[];
};

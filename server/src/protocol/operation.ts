/**
 * One AWS operation, as its file declares it: who may call it, a check for every input member, a handler.
 * The pipeline (aws-json.ts) authenticates, validates, audits and maps errors; a handler never does.
 */
import type { Checked, Checks } from "./checks.ts";

/** The kinds of caller: nobody in particular, the holder of an access token, a signer of the request. */
export type Caller = "public" | "token" | "iam";

/** `Calls` names the context that a handler gets for each kind of caller. */
export type Operation<Calls extends Record<Caller, unknown>, Input extends object, Output> = {
  [C in Caller]: {
    readonly caller: C;
    /** A successful read leaves no row in the audit trail; a refused one does. */
    readonly readOnly?: true;

    readonly input: Checks<Input>;
    handle(call: Calls[C], input: Checked<Input>): Promise<Omit<Output, "$metadata">>;
  };
}[Caller];

/** An operation whose types are forgotten, as a table of many holds it. */
export type ListedOperation = {
  readonly caller: Caller;
  readonly readOnly?: true;
  readonly input: object;
  handle(call: never, input: never): Promise<unknown>;
};

/** One AWS service: its names on the wire and its operations. */
export type Service = {
  /** The name in a credential scope, such as `cognito-idp`. */
  readonly signingName: string;
  /** What stands before the dot in X-Amz-Target. */
  readonly targetPrefix: string;
  readonly operations: Readonly<Record<string, ListedOperation>>;
  /** Operations that AWS has and we do not, each with the reason. */
  readonly unsupported: Readonly<Record<string, string>>;
};

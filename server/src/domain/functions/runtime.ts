/** What runs functions of one kind; the rules of who may call which are not its business. */

/** `local`: a module of POOLHOUSE_FUNCTIONS_DIR; `https`: an endpoint; `lambda`: a function on AWS. */
export type FunctionKind = "local" | "https" | "lambda";

/** One try of one call. */
export type Invocation = {
  readonly arn: string;
  readonly name: string;
  readonly region: string;
  /** The module's file, the URL, or the ARN on AWS. */
  readonly target: string;
  /** The name under which the module exports the function. */
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What signs the call of an endpoint. */
  readonly secret: string | undefined;
  readonly requestId: string;
  /** JSON. */
  readonly event: string;
};

export type Attempt =
  | { readonly kind: "returned"; readonly payload: unknown }
  /** The function said no, and this is its message. */
  | { readonly kind: "refused"; readonly message: string }
  /** Nothing came of it; `again` where another try may go better. The message is for the log. */
  | { readonly kind: "failed"; readonly message: string; readonly again: boolean };

export type FunctionRuntime = {
  /** Takes 5 s at most, and never rejects. */
  run(invocation: Invocation): Promise<Attempt>;
};

/** What each kind of function is run by. */
export type FunctionRuntimes = Readonly<Record<FunctionKind, FunctionRuntime>>;

/** Of an event and of what comes back, in bytes; Lambda takes 6 MB, and no trigger needs a tenth of this. */
export const maxPayloadBytes = 256 * 1024;

/** Of each try, as AWS gives triggers. */
export const attemptTimeoutMs = 5_000;

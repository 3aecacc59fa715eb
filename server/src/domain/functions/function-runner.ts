/** How the functions of a pool's triggers run; a function is named by its ARN, as LambdaConfig names it. */

/** What came of one call; whatever is not `returned` must let nobody in. */
export type FunctionOutcome =
  /** What the function answered, unchecked. */
  | { readonly kind: "returned"; readonly payload: unknown }
  /** The function itself said no: it threw, and this is its message. */
  | { readonly kind: "refused"; readonly message: string }
  /** There is no such function, or it may not be called by this pool. */
  | { readonly kind: "missing"; readonly message: string }
  /** It crashed, did not answer in time after all tries, or answered too much or what is not JSON. */
  | { readonly kind: "broken"; readonly message: string };

export type FunctionRunner = {
  /** Calls a function with an event; `sourceArn` is the pool that calls. Takes 3 × 5 s at most, and never rejects. */
  invoke(call: { arn: string; sourceArn: string; event: object }): Promise<FunctionOutcome>;
};

import type { FunctionRunner } from "./function-runner.ts";

/** For a server that has no functions: every call of one fails, and so lets nobody in. */
export const noFunctions: FunctionRunner = {
  invoke: async ({ arn }) => ({ kind: "missing", message: `There is no function ${arn}` }),
};

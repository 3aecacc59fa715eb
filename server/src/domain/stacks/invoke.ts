/** The operations of user pools, as the resources of stacks call them. */
import type { AdminCall } from "../call.ts";
import { foundBy } from "./resource-type.ts";

type Answer = Record<string, Record<string, string> | undefined>;

/** Calls an operation as the administrator who applies the template. */
export async function invoke(call: AdminCall, operation: string, input: object): Promise<Answer> {
  const answer = await call.invoke({ service: "cognito-idp", operation, input });
  // Read below by the members that these operations are known to answer.
  return answer as Answer;
}

/** Whether an operation finds what its input names. */
export async function isFound(call: AdminCall, operation: string, input: object): Promise<boolean> {
  return (await foundBy(invoke(call, operation, input))) !== undefined;
}

/** Removing what is gone already is done. */
export async function removeIfThere(
  call: AdminCall,
  operation: string,
  input: object,
): Promise<void> {
  await isFound(call, operation, input);
}

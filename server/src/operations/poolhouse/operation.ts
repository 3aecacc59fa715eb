import type { AdminCall, Call, UserCall } from "../../domain/call.ts";
import type { Operation } from "../../protocol/operation.ts";

/** An operation that AWS has no counterpart of; signed for as service `poolhouse`. */
export type PoolhouseOperation<Input extends object, Output> = Operation<
  { public: Call; token: UserCall; iam: AdminCall },
  Input,
  Output
>;

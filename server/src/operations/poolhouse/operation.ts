import type { Operation } from "../../protocol/operation.ts";
import type { Calls } from "../calls.ts";

/** An operation that AWS has no counterpart of; signed for as service `poolhouse`. */
export type PoolhouseOperation<Input extends object, Output> = Operation<Calls, Input, Output>;

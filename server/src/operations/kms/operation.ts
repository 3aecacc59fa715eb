import type { Operation } from "../../protocol/operation.ts";
import type { Calls } from "../calls.ts";

/** An operation of KMS; signed for as service `kms`. */
export type KmsOperation<Input extends object, Output> = Operation<Calls, Input, Output>;

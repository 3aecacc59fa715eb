import type * as Sdk from "@aws-sdk/client-cognito-identity-provider";
import type { Operation } from "../../protocol/operation.ts";
import type { Calls } from "../calls.ts";

/** An operation of user pools; the file that declares one is named as AWS names it. */
export type CognitoOperation<Input extends object, Output> = Operation<Calls, Input, Output>;

type CommandName = Extract<keyof typeof Sdk, `${string}Command`>;

/** Every operation that the AWS SDK knows of user pools. */
export type OperationName = CommandName extends `${infer Name}Command` ? Exclude<Name, "$"> : never;

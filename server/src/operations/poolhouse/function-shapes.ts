/** Functions on the wire: what the operations on them say alike, with Lambda's own limits and patterns. */

import { functionArn } from "../../domain/functions/arn.ts";
import type { FunctionPermission, RegisteredFunction } from "../../domain/functions/function.ts";
import { hidden, map, string, structure } from "../../protocol/checks.ts";

const name = "[a-zA-Z0-9_-]{1,64}";
export const FunctionNameType = string({ min: 1, max: 64, pattern: name });
/** A name, or an ARN of this account and region. */
export const FunctionReferenceType = string({
  min: 1,
  max: 170,
  pattern: String.raw`(arn:aws:lambda:[a-z0-9-]{1,32}:\d{12}:function:)?${name}(:\$LATEST)?`,
});
export const StatementIdType = string({ min: 1, max: 100, pattern: "[a-zA-Z0-9_-]+" });
export const ServicePrincipalType = string({ min: 1, max: 256, pattern: String.raw`[\S]+` });
export const SourceArnType = string({ min: 1, max: 512, pattern: String.raw`arn:[\S]+` });
export const SourceAccountType = string({ min: 12, max: 12, pattern: String.raw`\d{12}` });

export type WireEnvironment = { Variables?: Record<string, string> };

/** Hidden as a whole: people keep passwords in variables. */
export const EnvironmentType = hidden(
  structure<WireEnvironment>({
    Variables: map(
      string({ min: 2, max: 256, pattern: String.raw`[a-zA-Z]\w+` }),
      string({ max: 4096, sensitive: true }),
      { sensitive: true },
    ),
  }),
);

/** A file below POOLHOUSE_FUNCTIONS_DIR; that it lies there is seen to when it is run, links and all. */
export const ModuleType = string({
  min: 4,
  max: 255,
  pattern: String.raw`(?!.*\.\.)[\w.-]+(/[\w.-]+)*\.(js|mjs|cjs|ts)`,
});
/** On AWS, where the keys of this server may call it. */
export const LambdaArnType = string({
  min: 1,
  max: 256,
  pattern: String.raw`arn:aws:lambda:[a-z]{2}(-[a-z]{2,12}){1,2}-\d{1,2}:\d{12}:function:${name}(:(\$LATEST|[a-zA-Z0-9_-]{1,128}))?`,
});
export const EndpointType = string({ min: 1, max: 2048 });
/** The name under which a module exports the function. */
export const HandlerType = string({ min: 1, max: 128, pattern: String.raw`[a-zA-Z_$][\w$]*` });
export const FunctionSecretType = string({
  min: 32,
  max: 256,
  pattern: String.raw`[\x21-\x7e]+`,
  sensitive: true,
});

export type WireFunction = {
  FunctionName: string;
  FunctionArn: string;
  Module?: string;
  Endpoint?: string;
  LambdaArn?: string;
  Handler?: string;
  /** The values are shown to nobody. */
  EnvironmentNames?: string[];
  CreationDate: Date;
  LastModifiedDate: Date;
};

/** Where each kind is written. */
const targetMembers = { local: "Module", https: "Endpoint", lambda: "LambdaArn" } as const;

/** A function without its secrets. */
export function toWireFunction(stored: RegisteredFunction, accountId: string): WireFunction {
  const { kind, target, handler, environment } = stored;
  return {
    FunctionName: stored.name,
    FunctionArn: functionArn(stored, accountId),
    [targetMembers[kind]]: target,
    ...(kind === "local"
      ? { Handler: handler, EnvironmentNames: Object.keys(environment).sort() }
      : {}),
    CreationDate: new Date(stored.createdAtMs),
    LastModifiedDate: new Date(stored.modifiedAtMs),
  };
}

export type WirePermission = {
  StatementId: string;
  Principal: string;
  SourceArn?: string;
  SourceAccount?: string;
};

export function toWirePermission(permission: FunctionPermission): WirePermission {
  const { statementId, principal, sourceArn, sourceAccount } = permission;
  return {
    StatementId: statementId,
    Principal: principal,
    ...(sourceArn === undefined ? {} : { SourceArn: sourceArn }),
    ...(sourceAccount === undefined ? {} : { SourceAccount: sourceAccount }),
  };
}

/** The registry of functions: what each name stands for, and who may call it. */
import {
  functionChanging,
  functionNotFound,
  policyTooLong,
  statementExists,
  statementNotFound,
} from "../../errors/functions.ts";
import type { ServiceError } from "../../errors/service-error.ts";
import type { Vault } from "../../lib/envelope.ts";
import {
  deleteFunction,
  deleteFunctionPermissions,
  type FunctionPermissionRow,
  type FunctionRow,
  findFunction,
  insertFunction,
  insertFunctionPermission,
  listFunctionPermissions,
  pageFunctions,
  replaceFunction,
} from "../../store/functions.ts";
import type { Db } from "../../store/schema.ts";
import type { AdminCall } from "../call.ts";
import { type FunctionName, functionArn, readFunctionArn } from "./arn.ts";
import type { FunctionKind } from "./runtime.ts";

export type RegisteredFunction = FunctionName & {
  readonly kind: FunctionKind;
  /** The module's file below POOLHOUSE_FUNCTIONS_DIR, the URL, or the ARN on AWS. */
  readonly target: string;
  /** The name under which the module exports the function. */
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What signs the calls of an endpoint; absent for other kinds. */
  readonly secret?: string;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
};

export type FunctionPermission = {
  readonly statementId: string;
  readonly principal: string;
  /** A pattern for ArnLike; any caller of the principal when absent. */
  readonly sourceArn?: string;
  readonly sourceAccount?: string;
};

type Secrets = Pick<RegisteredFunction, "environment" | "secret">;

export function functionFromRow(vault: Vault, row: FunctionRow): RegisteredFunction {
  const secrets = JSON.parse(vault.open(placeOf(row), row.secrets).toString("utf8")) as Secrets;
  return {
    region: row.region,
    name: row.name,
    // Written by putFunction.
    kind: row.kind as FunctionKind,
    target: row.target,
    handler: row.handler,
    ...secrets,
    createdAtMs: row.created_at_ms,
    modifiedAtMs: row.modified_at_ms,
  };
}

export function permissionFromRow(row: FunctionPermissionRow): FunctionPermission {
  return {
    statementId: row.statement_id,
    principal: row.principal,
    ...(row.source_arn === null ? {} : { sourceArn: row.source_arn }),
    ...(row.source_account === null ? {} : { sourceAccount: row.source_account }),
  };
}

/** The function of this name or ARN in the caller's region, and who may call it; throws when there is none. */
export async function loadFunction(
  call: AdminCall,
  name: string,
): Promise<{ found: RegisteredFunction; permissions: readonly FunctionPermission[] }> {
  const key = keyOf(call, name);
  const row = await findFunction(call.db, key);
  if (!row) throw notFound(call, key.name);
  const permissions = await listFunctionPermissions(call.db, key);
  return {
    found: functionFromRow(call.vault, row),
    permissions: permissions.map(permissionFromRow),
  };
}

/** The functions of the caller's region, by name. */
export async function listFunctions(
  call: AdminCall,
  page: { after: string | undefined; limit: number },
): Promise<RegisteredFunction[]> {
  const rows = await pageFunctions(call.db, { region: call.principal.region, ...page });
  return rows.map((row) => functionFromRow(call.vault, row));
}

export type WantedFunction = Pick<
  RegisteredFunction,
  "name" | "kind" | "target" | "handler" | "environment" | "secret"
>;

/**
 * Makes a function or replaces what its name stands for; its permissions stay. An endpoint keeps its secret unless a new
 * one is given, and gets one where it has none. `madeSecret` is told this once.
 */
export async function putFunction(
  call: AdminCall,
  wanted: WantedFunction,
): Promise<{ stored: RegisteredFunction; madeSecret: string | undefined }> {
  const key = keyOf(call, wanted.name);
  const before = await findFunction(call.db, key);
  const current = before && functionFromRow(call.vault, before);
  const kept = wanted.secret ?? current?.secret;
  const madeSecret = wanted.kind === "https" && !kept ? makeSecret(call) : undefined;
  const secret = wanted.kind === "https" ? (kept ?? madeSecret) : undefined;
  const nowMs = call.clock.now();
  const { kind, target, handler, environment } = wanted;
  const secrets: Secrets = { environment, ...(secret === undefined ? {} : { secret }) };
  const row: FunctionRow = {
    ...key,
    kind,
    target,
    handler,
    secrets: call.vault.seal(placeOf(key), JSON.stringify(secrets)),
    created_at_ms: before?.created_at_ms ?? nowMs,
    modified_at_ms: nowMs,
  };
  await call.change(async (trx) => await store(call, trx, { row, before }));
  return { stored: functionFromRow(call.vault, row), madeSecret };
}

/** Replaces only what was read: of two changes at once one would bring back the other's old secret. */
async function store(
  call: AdminCall,
  trx: Db,
  { row, before }: { row: FunctionRow; before: FunctionRow | undefined },
): Promise<ServiceError | undefined> {
  const key = { region: row.region, name: row.name };
  const done = before
    ? await replaceFunction(trx, { ...key, secrets: before.secrets }, row)
    : await insertFunction(trx, row);
  if (!done) return functionChanging(functionArn(key, call.settings.accountId));
  // What was left of an earlier function of this name, by a permission that was added as it went.
  if (!before) await deleteFunctionPermissions(trx, key);
  return undefined;
}

/** Removes a function and who may call it; pools that name it let nobody in from then on. */
export async function removeFunction(call: AdminCall, name: string): Promise<void> {
  const key = keyOf(call, name);
  await call.change(async (trx) => {
    if (!(await deleteFunction(trx, key))) return notFound(call, key.name);
    await deleteFunctionPermissions(trx, key);
    return undefined;
  });
}

/** Each call of a function reads them all. Two that are added at once may make one too many, which harms nobody. */
const maxPermissions = 50;

/** Lets a service call a function, for the resources that the permission names. */
export async function addPermission(
  call: AdminCall,
  name: string,
  permission: FunctionPermission,
): Promise<void> {
  const key = keyOf(call, name);
  await call.change(async (trx) => {
    if (!(await findFunction(trx, key))) return notFound(call, key.name);
    const permissions = await listFunctionPermissions(trx, key);
    if (permissions.length >= maxPermissions) return policyTooLong(maxPermissions);
    const isNew = await insertFunctionPermission(trx, {
      region: key.region,
      function_name: key.name,
      statement_id: permission.statementId,
      principal: permission.principal,
      source_arn: permission.sourceArn ?? null,
      source_account: permission.sourceAccount ?? null,
    });
    return isNew ? undefined : statementExists(permission.statementId);
  });
}

/** Takes a permission back; calls that began before go on. */
export async function removePermission(
  call: AdminCall,
  name: string,
  statementId: string,
): Promise<void> {
  const key = keyOf(call, name);
  await call.change(async (trx) => {
    if ((await deleteFunctionPermissions(trx, { ...key, statementId })) > 0) return undefined;
    return (await findFunction(trx, key))
      ? statementNotFound(statementId)
      : notFound(call, key.name);
  });
}

/** Of a name or an ARN; throws for an ARN of another account or region, or of an alias. */
function keyOf({ principal, settings }: AdminCall, name: string): FunctionName {
  const { region } = principal;
  if (!name.startsWith("arn:")) return { region, name };
  const key = readFunctionArn(name, settings.accountId);
  if (key?.region !== region) throw functionNotFound(name);
  return key;
}

function notFound({ principal, settings }: AdminCall, name: string): ServiceError {
  return functionNotFound(functionArn({ region: principal.region, name }, settings.accountId));
}

/** 256 bits. */
function makeSecret({ random }: AdminCall): string {
  return random.bytes(32).toString("base64url");
}

function placeOf({ region, name }: FunctionName) {
  return { table: "functions", column: "secrets", row: `${region}/${name}` };
}

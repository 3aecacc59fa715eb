/** The stack that `poolhouse dev` starts with: its template applied, its users given passwords that can be shown. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Server } from "../app/open-server.ts";
import type { Context } from "../domain/context.ts";
import { loadStackResources } from "../domain/stacks/stack.ts";
import { parseTemplate } from "../domain/stacks/template/parse.ts";
import { ServiceError } from "../errors/service-error.ts";
import { CommandError } from "./command-error.ts";

/** Also the name that `poolhouse apply` takes when none is given, so that both speak of the same stack. */
const StackName = "poolhouse";

export type DevStack = {
  readonly userPoolIds: readonly string[];
  readonly outputs: ReadonlyMap<string, string>;
  readonly users: readonly DevUser[];
};

export type DevUser = { readonly name: string; readonly password: string };

/** Applies the template; what is there already stays. */
export async function applyDevStack({ call, publicUrl }: Server, file: string): Promise<void> {
  const TemplateBody = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(`${file} cannot be read: ${error.code}`);
  });
  try {
    const Parameters = parametersFor(TemplateBody, publicUrl);
    await call("PoolhouseService.ApplyStack", { StackName, TemplateBody, Parameters });
  } catch (error) {
    throw error instanceof ServiceError ? new CommandError(`${file}: ${error.message}`) : error;
  }
}

/** A template that asks where its app is gets the demo's address, whichever port this server has. */
function parametersFor(template: string, publicUrl: string) {
  return declares(template, "AppUrl")
    ? [{ ParameterKey: "AppUrl", ParameterValue: `${publicUrl}/demo/` }]
    : [];
}

function declares(template: string, parameter: string): boolean {
  try {
    return parseTemplate(template).parameters.has(parameter);
  } catch {
    // What is wrong with it the operation says, and where.
    return false;
  }
}

/** The folder of functions that lies beside a template, where there is one. */
export function functionsBeside(stackFile: string | undefined): string | undefined {
  if (stackFile === undefined) return undefined;
  const folder = resolve(dirname(stackFile), "functions");
  return existsSync(folder) ? folder : undefined;
}

type Described = { Outputs: { OutputKey: string; OutputValue: string }[] };

/** What the stack is made of, or undefined when there is none. */
export async function findDevStack({ call, context }: Server): Promise<DevStack | undefined> {
  const described = await found(call<Described>("PoolhouseService.DescribeStack", { StackName }));
  if (!described) return undefined;
  const { store, vault } = context;
  const resources = [...(await loadStackResources({ db: store.db, vault }, StackName)).values()];
  const ofType = (wanted: string) => resources.filter(({ type }) => type === wanted);
  const users: DevUser[] = [];
  for (const { physicalId, given } of ofType("AWS::Cognito::UserPoolUser")) {
    const key = { UserPoolId: String(given.properties["UserPoolId"]), Username: physicalId };
    const user = await givePassword({ call, context }, key);
    if (user) users.push(user);
  }
  const outputs = described.Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]);
  return {
    userPoolIds: ofType("AWS::Cognito::UserPool").map(({ physicalId }) => physicalId),
    users,
    outputs: new Map(outputs as [string, string][]),
  };
}

type UserKey = { readonly UserPoolId: string; readonly Username: string };
type Got = { UserStatus: string; UserAttributes?: { Name: string; Value?: string }[] };
type Factors = { ConfiguredUserAuthFactors?: string[] };

/** The user with the password that development gave it; undefined when the user is gone. */
async function givePassword(
  { call, context }: Pick<Server, "call" | "context">,
  key: UserKey,
): Promise<DevUser | undefined> {
  const user = await found(call<Got>("AWSCognitoIdentityProviderService.AdminGetUser", key));
  if (!user) return undefined;
  const email = user.UserAttributes?.find(({ Name }) => Name === "email")?.Value;
  const password = devPassword(context, key);
  // Where passwords are one way in among others, a user is made without one. Later it is the user's own affair.
  const { ConfiguredUserAuthFactors = [] } = await call<Factors>(
    "AWSCognitoIdentityProviderService.AdminGetUserAuthFactors",
    key,
  );
  const isTemporary = user.UserStatus === "FORCE_CHANGE_PASSWORD";
  if (isTemporary || !ConfiguredUserAuthFactors.includes("PASSWORD")) {
    const input = { ...key, Password: password, Permanent: true };
    await call("AWSCognitoIdentityProviderService.AdminSetUserPassword", input);
  }
  return { name: email ?? key.Username, password };
}

async function found<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}

/**
 * Derived from the master key instead of drawn, so that every start can show it and nothing needs to be written down:
 * 68 random bits in a form that password policies like.
 */
function devPassword({ vault }: Pick<Context, "vault">, { UserPoolId, Username }: UserKey): string {
  const bytes = vault.derive(`password of a development user ${UserPoolId} ${Username}`);
  const alphabets = [
    "ABCDEFGHJKLMNPQRSTUVWXYZ",
    "abcdefghijkmnpqrstuvwxyz",
    "23456789",
    "abcdefghijkmnpqrstuvwxyz",
  ];
  const letter = (at: number) => {
    const alphabet = alphabets[at % alphabets.length] ?? "";
    return alphabet.charAt((bytes[at] ?? 0) % alphabet.length);
  };
  return [0, 4, 8, 12]
    .map((start) => [0, 1, 2, 3].map((at) => letter(start + at)).join(""))
    .join("-");
}

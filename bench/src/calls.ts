/** Calls as users and administrators send them. */
import { type Connection, connectionTo, hostOf, type Target } from "./http-client.ts";
import { type RootKeys, sign } from "./sigv4.ts";

export type Output = Record<string, unknown>;

/** A server, and the keys of its administrator. */
export type Administered = { readonly target: Target; readonly keys: RootKeys };

/** Of Poolhouse's own service; all others are AWS's. */
const ownOperations = new Set(["PutFunction", "AddFunctionPermission"]);

/** Calls a public or a token operation; rejects with whatever is no success. */
export async function call(
  connection: Connection,
  operation: string,
  input: object,
): Promise<Output> {
  const headers = {
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": targetOf(operation),
  };
  return read(operation, await connection.post(headers, JSON.stringify(input)));
}

/** A signed request. It may be sent more than once: each server checks every signature anew. */
export type Signed = { readonly headers: Readonly<Record<string, string>>; readonly body: string };

/** An administrator's request, signed now; good for the quarter of an hour that AWS allows. */
export function signed({ target, keys }: Administered, operation: string, input: object): Signed {
  const body = JSON.stringify(input);
  const service = ownOperations.has(operation) ? "poolhouse" : "cognito-idp";
  const request = { host: hostOf(target), service, target: targetOf(operation), body };
  return { headers: sign(keys, request), body };
}

export type AdministratorCall = (operation: string, input: object) => Promise<Output>;

/** Does something by signed calls, on a connection of its own. */
export async function asAdministrator<T>(
  at: Administered,
  work: (call: AdministratorCall) => Promise<T>,
): Promise<T> {
  const connection = connectionTo(at.target);
  try {
    return await work(async (operation, input) => {
      const { headers, body } = signed(at, operation, input);
      return read(operation, await connection.post(headers, body));
    });
  } finally {
    connection.close();
  }
}

function targetOf(operation: string): string {
  const isOwn = ownOperations.has(operation);
  return `${isOwn ? "PoolhouseService" : "AWSCognitoIdentityProviderService"}.${operation}`;
}

function read(operation: string, { status, body }: { status: number; body: string }): Output {
  if (status !== 200) throw new Error(`${operation} answered ${status}: ${body}`);
  return JSON.parse(body) as Output;
}

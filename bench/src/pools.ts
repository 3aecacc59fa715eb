/** Pools of an installation, made through its API as an administrator makes them. */
import { type Administered, type AdministratorCall, asAdministrator } from "./calls.ts";

/** Everybody's. */
export const password = "Xk7#mQ2v-Lw9!pTz4";

export type BenchUser = { readonly email: string; readonly sub: string };

/** A pool with one client and some users. */
export type Pool = {
  readonly userPoolId: string;
  readonly clientId: string;
  readonly users: readonly BenchUser[];
};

export type PoolSettings = {
  /** Besides what all pools here have. */
  readonly pool?: object;
  readonly client: object;
  /** What SetUserPoolMfaConfig shall be told. */
  readonly mfa?: object;
  readonly users: number;
};

/** Makes a pool whose users sign in with an e-mail address. */
export async function makePool(at: Administered, settings: PoolSettings): Promise<Pool> {
  return asAdministrator(at, async (call) => {
    const { UserPool } = (await call("CreateUserPool", {
      PoolName: "bench",
      UsernameAttributes: ["email"],
      AutoVerifiedAttributes: ["email"],
      ...settings.pool,
    })) as { UserPool: { Id: string } };
    const UserPoolId = UserPool.Id;
    if (settings.mfa) await call("SetUserPoolMfaConfig", { UserPoolId, ...settings.mfa });
    const { UserPoolClient } = (await call("CreateUserPoolClient", {
      UserPoolId,
      ClientName: "bench",
      ...settings.client,
    })) as { UserPoolClient: { ClientId: string } };
    const users: BenchUser[] = [];
    for (let n = 0; n < settings.users; n++) users.push(await makeUser(call, UserPoolId, n));
    return { userPoolId: UserPoolId, clientId: UserPoolClient.ClientId, users };
  });
}

async function makeUser(
  call: AdministratorCall,
  UserPoolId: string,
  n: number,
): Promise<BenchUser> {
  const email = `user-${n}@example.com`;
  const { User } = (await call("AdminCreateUser", {
    UserPoolId,
    Username: email,
    MessageAction: "SUPPRESS",
    TemporaryPassword: password,
    UserAttributes: [
      { Name: "email", Value: email },
      { Name: "email_verified", Value: "true" },
      { Name: "given_name", Value: "Ada" },
      { Name: "family_name", Value: "Lovelace" },
    ],
  })) as { User: { Username: string } };
  await call("AdminSetUserPassword", {
    UserPoolId,
    Username: email,
    Password: password,
    Permanent: true,
  });
  // Where an e-mail address is the name to sign in with, the user name is the sub.
  return { email, sub: User.Username };
}

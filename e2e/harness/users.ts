/** Users of the demo's pool, made by an administrator, for tests that begin after sign-up. */
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { demo, type Server } from "./server.ts";

export const password = "Correct-Horse-9-Battery";

let made = 0;

/** An address that no other test uses. */
export function newAddress(): string {
  made += 1;
  return `user-${process.pid}-${made}@example.com`;
}

/** A confirmed user with a verified address and the `password` above. */
export async function makeUser(server: Server, given: { group?: string } = {}): Promise<string> {
  const client = server.client();
  const Username = newAddress();
  const { userPoolId: UserPoolId } = demo;
  await client.send(
    new AdminCreateUserCommand({
      UserPoolId,
      Username,
      MessageAction: "SUPPRESS",
      UserAttributes: [
        { Name: "email", Value: Username },
        { Name: "email_verified", Value: "true" },
      ],
    }),
  );
  const Password = password;
  await client.send(
    new AdminSetUserPasswordCommand({ UserPoolId, Username, Password, Permanent: true }),
  );
  if (given.group !== undefined) {
    await client.send(
      new AdminAddUserToGroupCommand({ UserPoolId, Username, GroupName: given.group }),
    );
  }
  return Username;
}

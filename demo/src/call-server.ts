import { Amplify } from "aws-amplify";
import { fetchAuthSession } from "aws-amplify/auth";

/** What Amplify has no words for: operations that take the access token of whoever is signed in. */
export type ServerOperation =
  | `AWSCognitoIdentityProviderService.${"ListUserSessions" | "RevokeUserSession" | "SetUserMFAPreference"}`
  | `PoolhouseService.${"CreateRecoveryCodes" | "DescribeRecoveryCodes"}`;

/** Calls an operation as AWS's SDKs do; what the server refuses is thrown with its name. */
export async function callServer<Output>(operation: ServerOperation, input: object = {}) {
  const { tokens } = await fetchAuthSession();
  const endpoint = Amplify.getConfig().Auth?.Cognito.userPoolEndpoint ?? "";
  const response = await fetch(endpoint, {
    method: "POST",
    headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": operation },
    body: JSON.stringify({ ...input, AccessToken: tokens?.accessToken.toString() }),
  });
  const answer = await response.json();
  if (response.ok) return answer as Output;
  const refusal = new Error(answer.message);
  refusal.name = answer.__type;
  throw refusal;
}

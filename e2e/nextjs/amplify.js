import { createServerRunner } from "@aws-amplify/adapter-nextjs";

// As the guide has it: where the pool is comes from the environment.
const { POOL_ID, CLIENT_ID, SERVER_URL, AMPLIFY_APP_ORIGIN } = process.env;

export const { runWithAmplifyServerContext, createAuthRouteHandlers } = createServerRunner({
  config: {
    Auth: {
      Cognito: {
        userPoolId: POOL_ID,
        userPoolClientId: CLIENT_ID,
        userPoolEndpoint: SERVER_URL,
        loginWith: {
          oauth: {
            domain: `${new URL(SERVER_URL ?? "https://localhost:8443").host}/${POOL_ID}`,
            scopes: ["openid", "email", "profile", "aws.cognito.signin.user.admin"],
            redirectSignIn: [`${AMPLIFY_APP_ORIGIN}/api/auth/sign-in-callback`],
            redirectSignOut: [`${AMPLIFY_APP_ORIGIN}/api/auth/sign-out-callback`],
            responseType: "code",
          },
        },
      },
    },
  },
});

// The app of e2e/amplify-5/app.mjs in today's Amplify, call by call. Prints one JSON object of what it saw, as that one does.
import { Amplify } from "aws-amplify";
import { get } from "aws-amplify/api";
import {
  confirmSignUp,
  fetchAuthSession,
  fetchUserAttributes,
  signIn,
  signOut,
  signUp,
} from "aws-amplify/auth";

const {
  APP_USER_POOL_ID: userPoolId,
  APP_CLIENT_ID: userPoolClientId,
  APP_ENDPOINT: userPoolEndpoint,
  APP_API: apiEndpoint,
  APP_USERNAME: username,
  APP_PASSWORD: password,
} = process.env;

/** What the user reads in the mail. */
async function codeFor(address) {
  const inbox = await fetch(`${userPoolEndpoint}/_poolhouse/inbox?to=${address}&wait=20`);
  const [{ code }] = await inbox.json();
  return code;
}

// docs/guides/from-the-article.md: begin
const config = {
  Auth: {
    Cognito: {
      userPoolId, // its first part is the region
      userPoolClientId,
      userPoolEndpoint, // the one line that points at Poolhouse
      loginWith: { email: true },
    },
  },
  API: { REST: { demo: { endpoint: apiEndpoint, region: "us-east-1" } } },
};
Amplify.configure(config, {
  API: {
    REST: {
      headers: async () => ({
        Authorization: `Bearer ${(await fetchAuthSession()).tokens?.idToken}`,
      }),
    },
  },
});

const { userId: userSub } = await signUp({
  username,
  password,
  options: { userAttributes: { email: username } },
});
await confirmSignUp({ username, confirmationCode: await codeFor(username) });

const wrong = await signIn({ username, password: "Wrong-1-Password" }).catch((error) => error);
await signIn({ username, password });
const { tokens } = await fetchAuthSession();
const me = await (await get({ apiName: "demo", path: "/me" }).response).body.json();
const admin = await get({ apiName: "demo", path: "/admin" }).response.catch(
  (error) => error.response,
);
const attributes = await fetchUserAttributes();
await signOut();
const after = await fetchAuthSession();
// docs/guides/from-the-article.md: end

process.stdout.write(
  JSON.stringify({
    userSub,
    wrong: { name: wrong.name, message: wrong.message },
    username: tokens.accessToken.payload.username,
    me,
    adminStatus: admin.statusCode,
    attributes,
    after: after.tokens === undefined ? "No current user" : "Somebody",
  }),
);

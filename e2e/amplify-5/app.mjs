// An app of the Amplify 5 years, with that time's configuration keys and calls. Runs in a process of its own: the older
// Amplify and the newer one do not share a workspace. Prints one JSON object of what it saw, as e2e/amplify-6/app.mjs does.
import { API, Auth } from "aws-amplify";

const {
  APP_USER_POOL_ID: userPoolId,
  APP_CLIENT_ID: userPoolWebClientId,
  APP_ENDPOINT: endpoint,
  APP_API: apiEndpoint,
  APP_USERNAME: username,
  APP_PASSWORD: password,
} = process.env;

/** What the user reads in the mail. */
async function codeFor(address) {
  const inbox = await fetch(`${endpoint}/_poolhouse/inbox?to=${address}&wait=20`);
  const [{ code }] = await inbox.json();
  return code;
}

// docs/guides/from-the-article.md: begin
const config = {
  Auth: {
    region: "us-east-1",
    userPoolId,
    userPoolWebClientId,
    endpoint, // the one line that points at Poolhouse
  },
  API: {
    endpoints: [
      {
        name: "demo",
        endpoint: apiEndpoint,
        custom_header: async () => ({
          Authorization: `Bearer ${(await Auth.currentSession()).getIdToken().getJwtToken()}`,
        }),
      },
    ],
  },
};
Auth.configure(config);
API.configure(config);

const { userSub } = await Auth.signUp({ username, password, attributes: { email: username } });
await Auth.confirmSignUp(username, await codeFor(username));

const wrong = await Auth.signIn(username, "Wrong-1-Password").catch((error) => error);
const user = await Auth.signIn(username, password);
const session = await Auth.currentSession();
const me = await API.get("demo", "/me", {});
const admin = await API.get("demo", "/admin", {}).catch((error) => error.response);
const attributes = await Auth.userAttributes(user);
await Auth.signOut();
const after = await Auth.currentSession().catch((error) => String(error));
// docs/guides/from-the-article.md: end

process.stdout.write(
  JSON.stringify({
    userSub,
    wrong: { name: wrong.code, message: wrong.message },
    username: session.getAccessToken().payload.username,
    me,
    adminStatus: admin.status,
    attributes: Object.fromEntries(attributes.map(({ Name, Value }) => [Name, Value])),
    after,
  }),
);

/** aws-amplify 5 with the older configuration keys, `Auth.currentSession` and `API.get`. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { requestJson } from "./harness/request.ts";
import { demo, root, type Server, startServer, stopAll } from "./harness/server.ts";
import { trust } from "./harness/trust.ts";
import { makeUser, password } from "./harness/users.ts";

let server: Server;
beforeAll(async () => {
  server = await startServer();
  trust(server);
});
afterAll(stopAll);

test("an app of that time signs in, calls the API and signs out", async () => {
  const username = await makeUser(server);
  const { apiEndpoint } = await requestJson<{ apiEndpoint: string }>(
    `${server.url}/demo/config.json`,
    { ca: server.ca },
  );
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(root, "e2e/amplify-5/app.mjs")],
    {
      env: {
        NODE_EXTRA_CA_CERTS: server.caFile,
        APP_USER_POOL_ID: demo.userPoolId,
        APP_CLIENT_ID: demo.webClientId,
        APP_ENDPOINT: server.url,
        APP_API: apiEndpoint,
        APP_USERNAME: username,
        APP_PASSWORD: password,
      },
    },
  );
  const seen = JSON.parse(stdout.slice(stdout.indexOf("{")));
  expect(seen).toMatchObject({
    wrong: { code: "NotAuthorizedException", message: "Incorrect username or password." },
    me: { tokenUse: "id" },
    adminStatus: 403,
    attributes: { email: username, email_verified: "true" },
  });
  expect(seen.me.sub).toBe(seen.attributes.sub);
  expect(seen.after).toBe("No current user");
});

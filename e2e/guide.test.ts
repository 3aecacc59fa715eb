/**
 * docs/guides/from-the-article.md: an app with the older configuration keys and calls, and the same app in today's. Both
 * run, and the guide shows both to the letter.
 */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { requestJson } from "./harness/request.ts";
import { demo, root, type Server, startServer, stopAll } from "./harness/server.ts";
import { newAddress, password } from "./harness/users.ts";

const guide = "docs/guides/from-the-article.md";
const apps = ["e2e/amplify-5/app.mjs", "e2e/amplify-6/app.mjs"];

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(stopAll);

test.each(apps)("%s signs up, signs in, calls the API and signs out", async (app) => {
  const username = newAddress();
  const { apiEndpoint } = await requestJson<{ apiEndpoint: string }>(
    `${server.url}/demo/config.json`,
    { ca: server.ca },
  );
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, app)], {
    env: {
      NODE_EXTRA_CA_CERTS: server.caFile,
      APP_USER_POOL_ID: demo.userPoolId,
      APP_CLIENT_ID: demo.webClientId,
      APP_ENDPOINT: server.url,
      APP_API: apiEndpoint,
      APP_USERNAME: username,
      APP_PASSWORD: password,
    },
  });
  const seen = JSON.parse(stdout.slice(stdout.indexOf("{")));
  expect(seen).toMatchObject({
    wrong: { name: "NotAuthorizedException", message: "Incorrect username or password." },
    me: { tokenUse: "id", email: username },
    adminStatus: 403,
    attributes: { email: username, email_verified: "true" },
    after: "No current user",
  });
  expect(seen.userSub).toBe(seen.attributes.sub);
  expect(seen.me.sub).toBe(seen.attributes.sub);
});

test.each(apps)("the guide shows the lines of %s", (app) => {
  const source = readFileSync(join(root, app), "utf8");
  const [, lines] = source.split(/^\/\/ docs\/guides\/from-the-article\.md: (?:begin|end)\n/m);
  const shown = readFileSync(join(root, guide), "utf8");
  expect(lines).toContain("signOut()");
  expect(shown).toContain(`\n\`\`\`js\n${lines}\`\`\`\n`);
});

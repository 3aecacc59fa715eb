// Amplify's adapter fetches a pool's keys from AWS, whatever server the app uses. This sends that one request to Poolhouse.
const https = require("node:https");

const poolhouse = new URL(process.env.SERVER_URL ?? "https://localhost:8443");
const keysOfPools =
  /^https:\/\/cognito-idp\.[\w-]+\.amazonaws\.com(\/[\w-]+\/\.well-known\/jwks\.json)$/;
const { request } = https;

https.request = (url, ...rest) => {
  const [, path] = keysOfPools.exec(String(url)) ?? [];
  return request(path === undefined ? url : new URL(path, poolhouse), ...rest);
};

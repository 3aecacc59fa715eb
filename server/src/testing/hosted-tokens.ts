/** Tokens as a web app gets them: by a browser at the hosted pages and a code. */
import type { TestApp } from "./app.ts";
import type { TestBrowser } from "./browser.ts";
import {
  answerIn,
  askToken,
  authorizeUrl,
  codeVerifier,
  redirectUri,
  signInOnPage,
} from "./oauth.ts";
import type { TestPool } from "./pools.ts";

export type HostedTokens = { access_token: string; id_token: string; refresh_token: string };

export type HostedSignIn = TestPool & {
  readonly app: TestApp;
  readonly browser: TestBrowser;
  readonly username?: string;
  /** Of the authorization request, in place of the usual ones. */
  readonly parameters?: Readonly<Record<string, string>>;
};

/** Signs a user in where the browser is not signed in, and redeems the code. */
export async function hostedTokens(given: HostedSignIn): Promise<HostedTokens> {
  const { app, browser, pool, client, username = "ada", parameters = {} } = given;
  const scope = "openid email aws.cognito.signin.user.admin";
  const url = authorizeUrl({ pool, client }, { scope, ...parameters });
  const first = await browser.get(url);
  const done = answerIn(first).has("code") ? first : await signInOnPage(browser, url, { username });
  const { body } = await askToken(app, given, {
    grant_type: "authorization_code",
    client_id: client.id,
    redirect_uri: redirectUri,
    code_verifier: codeVerifier,
    code: answerIn(done).get("code") ?? "",
  });
  return body;
}

import { Authenticator, useAuthenticator } from "@aws-amplify/ui-react";
import type { ReactNode } from "react";
import { inboxUrl, startUrl } from "./config.ts";
import { HostedSignIn } from "./hosted-sign-in.tsx";
import { InboxLink } from "./inbox-link.tsx";
import { Page } from "./page.tsx";
import { PoolChoice, type PoolName, usePool } from "./pool.tsx";
import { setupTotp, totpIssuer } from "./totp-setup.tsx";

/** Shows its children to whoever is signed in, and the sign-in to everyone else. */
export function SignInPage({ children }: { children: ReactNode }) {
  const { authStatus, user } = useAuthenticator((context) => [context.authStatus, context.user]);
  // Until Amplify has looked for a session there is nothing to show, and no reason to flash a form. Just after a
  // sign-in it knows that somebody is there, and not yet who, whatever its types say.
  const waits = authStatus === "configuring" || (authStatus === "authenticated" && !user);
  if (waits) return <p role="status">One moment…</p>;
  if (authStatus === "authenticated") return children;
  return <SignIn />;
}

function SignIn() {
  const { name, pool } = usePool();
  return (
    <Page title="Sign in to the demo" intro={intros[name]}>
      <PoolChoice />
      <div className="beside">
        <Authenticator
          components={authenticatorComponents}
          formFields={authenticatorFields}
          hideSignUp={!pool.selfSignUp}
        />
        <Hints name={name} />
      </div>
    </Page>
  );
}

const intros: Record<PoolName, string> = {
  everyday: "An unchanged Amplify app, with this server in the place of Amazon Cognito.",
  strict: "The same app with a pool where a password alone opens nothing.",
};

function Hints({ name }: { name: PoolName }) {
  return (
    <aside className="hints" aria-label="Hints">
      {name === "strict" ? <StrictHints /> : <EverydayHints />}
      <HostedSignIn />
      <p>
        <a href={startUrl()}>Start page of this server</a>
      </p>
    </aside>
  );
}

function EverydayHints() {
  return (
    <>
      <div>
        <h2>New here?</h2>
        <p className="muted">
          Make an account with any address. Its mail goes to the{" "}
          <a href={inboxUrl()} target="_blank" rel="noopener">
            inbox<span className="visually-hidden"> (opens a new tab)</span>
          </a>{" "}
          of this server and nowhere else.
        </p>
      </div>
      <div>
        <h2>Two accounts are ready</h2>
        <p className="muted">
          The demo's stack comes with <bdi>admin@example.com</bdi>, who may call the whole API, and{" "}
          <bdi>user@example.com</bdi>. Their passwords are in the terminal in which Poolhouse
          started.
        </p>
      </div>
    </>
  );
}

function StrictHints() {
  return (
    <>
      <div>
        <h2>One account is ready</h2>
        <p className="muted">
          Nobody signs up here. Sign in as <bdi>strict@example.com</bdi>; the password is in the
          terminal in which Poolhouse started.
        </p>
      </div>
      <div>
        <h2>Have an authenticator app at hand</h2>
        <p className="muted">
          The first sign-in shows a QR code. Scan it with the app on your phone, and type the six
          digits that it shows. Each later sign-in asks for new ones.
        </p>
      </div>
    </>
  );
}

/** The slots that every Authenticator of the demo fills. */
export const authenticatorComponents = { Footer: WhereTheCodeIs, SetupTotp: setupTotp };

/** What every Authenticator of the demo says in its fields. */
export const authenticatorFields = { setupTotp: { QR: { totpIssuer } } };

const codeRoutes = ["confirmSignUp", "confirmSignIn", "confirmResetPassword", "confirmVerifyUser"];

function WhereTheCodeIs() {
  const { route, username, challengeName } = useAuthenticator((context) => [
    context.route,
    context.username,
    context.challengeName,
  ]);
  if (!codeRoutes.includes(route)) return null;
  return (
    <p className="inbox-hint">
      {route === "confirmSignIn" && challengeName === "SOFTWARE_TOKEN_MFA" ? (
        "Your authenticator app shows the code. A recovery code will do as well."
      ) : (
        <InboxLink address={username} />
      )}
    </p>
  );
}

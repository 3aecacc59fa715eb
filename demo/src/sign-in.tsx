import { Authenticator, useAuthenticator } from "@aws-amplify/ui-react";
import type { ReactNode } from "react";
import { inboxUrl, startUrl } from "./config.ts";
import { InboxLink } from "./inbox-link.tsx";
import { Page } from "./page.tsx";

/** Shows its children to whoever is signed in, and the sign-in to everyone else. */
export function SignInPage({ children }: { children: ReactNode }) {
  const { authStatus, user } = useAuthenticator((context) => [context.authStatus, context.user]);
  // Until Amplify has looked for a session there is nothing to show, and no reason to flash a form. Just after a
  // sign-in it knows that somebody is there, and not yet who, whatever its types say.
  const waits = authStatus === "configuring" || (authStatus === "authenticated" && !user);
  if (waits) return <p role="status">One moment…</p>;
  if (authStatus === "authenticated") return children;
  return (
    <Page
      title="Sign in to the demo"
      intro="An unchanged Amplify app, with this server in the place of Amazon Cognito."
    >
      <div className="beside">
        <Authenticator components={authenticatorComponents} />
        <Hints />
      </div>
    </Page>
  );
}

function Hints() {
  return (
    <aside className="hints" aria-label="Hints">
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
      <p>
        <a href={startUrl()}>Start page of this server</a>
      </p>
    </aside>
  );
}

/** The slots that every Authenticator of the demo fills. */
export const authenticatorComponents = { Footer: CodeWaitsInInbox };

const codeRoutes = ["confirmSignUp", "confirmSignIn", "confirmResetPassword", "confirmVerifyUser"];

function CodeWaitsInInbox() {
  const { route, username } = useAuthenticator((context) => [context.route, context.username]);
  return (
    <>
      {codeRoutes.includes(route) && (
        <p className="inbox-hint">
          <InboxLink address={username} />
        </p>
      )}
    </>
  );
}

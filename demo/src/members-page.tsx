import { type UseAuthenticator, withAuthenticator } from "@aws-amplify/ui-react";
import { Button, ButtonLink } from "../../web/src/ui/button.tsx";
import { Card } from "../../web/src/ui/card.tsx";
import { Page } from "./page.tsx";
import { usePool } from "./pool.tsx";
import { authenticatorComponents, authenticatorFields } from "./sign-in.tsx";

function Members({ user, signOut }: Partial<Pick<UseAuthenticator, "user" | "signOut">>) {
  return (
    <Page
      title="Members only"
      intro="This page is wrapped in withAuthenticator: nothing of it shows until you sign in."
    >
      <Card
        title={
          <>
            Good to see you{user?.signInDetails?.loginId && ","}{" "}
            <bdi className="break">{user?.signInDetails?.loginId}</bdi>
          </>
        }
      >
        <p>
          Your session is shared with every page of the demo. Signing out here signs you out
          everywhere in it.
        </p>
        <div className="row">
          <ButtonLink variant="primary" href="#/profile">
            Your profile
          </ButtonLink>
          <Button onClick={signOut}>Sign out</Button>
        </div>
      </Card>
    </Page>
  );
}

function MembersHeader() {
  return <Page title="Members only" intro="Sign in, and this page opens." />;
}

const guarded = (hideSignUp: boolean) =>
  withAuthenticator(Members, {
    variation: "default",
    components: { ...authenticatorComponents, Header: MembersHeader },
    formFields: authenticatorFields,
    hideSignUp,
  });

const ForEverybody = guarded(false);
const ForTheInvited = guarded(true);

/** A page that the higher-order component guards. */
export function MembersPage() {
  return usePool().pool.selfSignUp ? <ForEverybody /> : <ForTheInvited />;
}

import {
  associateWebAuthnCredential,
  deleteWebAuthnCredential,
  listWebAuthnCredentials,
} from "aws-amplify/auth";
import { Button } from "../../../web/src/ui/button.tsx";
import { Card } from "../../../web/src/ui/card.tsx";
import { Notice } from "../../../web/src/ui/notice.tsx";
import { useAction } from "../action.tsx";
import { callServer } from "../call-server.ts";
import { ItemList, moment } from "../item-list.tsx";
import { useLoaded } from "../use-loaded.ts";
import { AskTwice } from "./ask-twice.tsx";

async function loadPasskeys() {
  return (await listWebAuthnCredentials()).credentials;
}

/** Users must ask for it, and Amplify has no words for that. */
async function letPasskeysBeBothFactors(): Promise<void> {
  const input = { WebAuthnMfaSettings: { Enabled: true } };
  await callServer("AWSCognitoIdentityProviderService.SetUserMFAPreference", input);
}

/** Adds and removes passkeys, with which one signs in without a password. */
export function PasskeysCard({ areBothFactors }: { areBothFactors: boolean }) {
  const { value: passkeys, problem, reload } = useLoaded(loadPasskeys);
  const action = useAction();

  const add = () =>
    action.run(async () => {
      await associateWebAuthnCredential();
      if (areBothFactors) await letPasskeysBeBothFactors();
      await reload();
      return "Your passkey is ready. At the sign-in choose “Other sign-in options”.";
    });

  const remove = (credentialId: string) =>
    action.run(async () => {
      await deleteWebAuthnCredential({ credentialId });
      await reload();
      return "The passkey opens nothing any more. Remove it from your device too.";
    });

  return (
    <Card
      title="Passkeys"
      note={
        areBothFactors
          ? "Sign in by finger, face or PIN, without a password and without a code."
          : "Sign in by finger, face or PIN, without a password."
      }
    >
      {problem && <Notice tone="danger">{problem}</Notice>}
      {passkeys?.length === 0 && <p>You have no passkey yet.</p>}
      {passkeys && passkeys.length > 0 && (
        <ItemList
          items={passkeys.map(({ credentialId = "", friendlyCredentialName, createdAt }) => ({
            id: credentialId,
            name: <bdi>{friendlyCredentialName}</bdi>,
            details: `Added ${moment(createdAt)}`,
            action: (
              <AskTwice
                label="Remove"
                what={friendlyCredentialName}
                sure="Yes, remove it"
                busy={action.busy}
                onConfirm={() => remove(credentialId)}
              />
            ),
          }))}
        />
      )}
      {action.outcome}
      <div className="row">
        <Button
          variant={passkeys?.length === 0 ? "primary" : "secondary"}
          busy={action.busy}
          onClick={add}
        >
          Add a passkey
        </Button>
      </div>
    </Card>
  );
}

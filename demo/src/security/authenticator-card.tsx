import { useAuthenticator } from "@aws-amplify/ui-react";
import { setUpTOTP, updateMFAPreference, verifyTOTPSetup } from "aws-amplify/auth";
import { useState } from "react";
import { Badge } from "../../../web/src/ui/badge.tsx";
import { Button } from "../../../web/src/ui/button.tsx";
import { Card } from "../../../web/src/ui/card.tsx";
import { Field } from "../../../web/src/ui/field.tsx";
import { type Action, useAction } from "../action.tsx";
import { ActionForm, typed } from "../action-form.tsx";
import { QrCode } from "../qr-code.tsx";
import { TotpKey, totpIssuer } from "../totp-setup.tsx";
import { AskTwice } from "./ask-twice.tsx";

type Setup = Awaited<ReturnType<typeof setUpTOTP>>;

/** Sets up an authenticator app, whose codes every sign-in then asks for; or takes it away again. */
export function AuthenticatorCard({
  hasApp,
  required,
  onChanged,
}: {
  hasApp: boolean;
  /** Whether the pool lets nobody go without. */
  required: boolean;
  onChanged: () => Promise<void>;
}) {
  const [setup, setSetup] = useState<Setup>();
  const action = useAction();

  async function begin() {
    await action.run(async () => {
      setSetup(await setUpTOTP());
      return undefined;
    });
  }

  async function confirm(code: string) {
    await action.run(async () => {
      await verifyTOTPSetup({ code });
      await updateMFAPreference({ totp: "PREFERRED" });
      setSetup(undefined);
      await onChanged();
      return "Your app is set up. The next sign-in asks for its code.";
    });
  }

  async function turnOff() {
    await action.run(async () => {
      await updateMFAPreference({ totp: "DISABLED" });
      await onChanged();
      return "Your password alone signs you in from now on.";
    });
  }

  return (
    <Card
      title="Authenticator app"
      note="A code from your phone besides the password, so that a stolen password opens nothing."
    >
      {setup ? (
        <SetupForm
          setup={setup}
          action={action}
          onConfirm={confirm}
          onCancel={() => setSetup(undefined)}
        />
      ) : (
        <>
          <p>
            {hasApp ? <Badge tone="success">On</Badge> : <Badge tone="warning">Off</Badge>}{" "}
            {stateOf(hasApp, required)}
          </p>
          {action.outcome}
          <div className="row">
            <Button variant={hasApp ? "secondary" : "primary"} busy={action.busy} onClick={begin}>
              {hasApp ? "Use another app" : "Set up an app"}
            </Button>
            {hasApp && !required && (
              <AskTwice
                label="Turn off"
                what="the authenticator app"
                sure="Yes, turn it off"
                busy={action.busy}
                onConfirm={turnOff}
              />
            )}
          </div>
        </>
      )}
    </Card>
  );
}

function stateOf(hasApp: boolean, required: boolean): string {
  if (!hasApp) return "Your password alone signs you in.";
  return required
    ? "This pool asks everybody for one."
    : "Each sign-in by password asks for its code.";
}

function SetupForm({
  setup,
  action,
  onConfirm,
  onCancel,
}: {
  setup: Setup;
  action: Action;
  onConfirm: (code: string) => Promise<void>;
  onCancel: () => void;
}) {
  const { user } = useAuthenticator((context) => [context.user]);
  // Without a name of its own Amplify takes the user's id, which nobody knows by heart.
  const uri = setup.getSetupUri(totpIssuer, user.signInDetails?.loginId ?? user.username);
  return (
    <ActionForm
      action={action}
      onSubmit={(form) => onConfirm(typed(form, "code").trim())}
      label="Confirm"
      busyLabel="One moment…"
      more={
        <Button variant="quiet" onClick={onCancel}>
          Not now
        </Button>
      }
    >
      <p>Scan this with an authenticator app, or type the key into it.</p>
      <QrCode text={uri.href} label="QR code for your app" />
      <TotpKey secret={setup.sharedSecret} />
      <Field
        label="Six digits that the app shows"
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        required
      />
    </ActionForm>
  );
}

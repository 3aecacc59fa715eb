import {
  confirmUserAttribute,
  sendUserAttributeVerificationCode,
  updateUserAttribute,
} from "aws-amplify/auth";
import { useState } from "react";
import { Button } from "../../../web/src/ui/button.tsx";
import { Card } from "../../../web/src/ui/card.tsx";
import { Field } from "../../../web/src/ui/field.tsx";
import { type Action, useAction } from "../action.tsx";
import { ActionForm, typed } from "../action-form.tsx";
import { InboxLink } from "../inbox-link.tsx";

/** Changes the e-mail address, which counts once its code came back. */
export function EmailCard({
  email,
  verified,
  onChanged,
}: {
  email: string;
  verified: boolean;
  onChanged: () => Promise<void>;
}) {
  /** The address that a code was sent to and that waits for it. */
  const [awaited, setAwaited] = useState<string>();
  const action = useAction();

  async function change(address: string) {
    await action.run(async () => {
      const { nextStep } = await updateUserAttribute({
        userAttribute: { attributeKey: "email", value: address },
      });
      await onChanged();
      if (nextStep.updateAttributeStep === "DONE") return "Your e-mail address is changed.";
      setAwaited(address);
      return `A code is on its way to ${address}.`;
    });
  }

  async function sendCode(address: string) {
    await action.run(async () => {
      await sendUserAttributeVerificationCode({ userAttributeKey: "email" });
      setAwaited(address);
      return `A code is on its way to ${address}.`;
    });
  }

  async function confirm(code: string) {
    await action.run(async () => {
      await confirmUserAttribute({ userAttributeKey: "email", confirmationCode: code });
      setAwaited(undefined);
      await onChanged();
      return "Your e-mail address is verified.";
    });
  }

  return (
    <Card title="E-mail" note="A code goes to the new address, to see that it is yours.">
      {awaited ? (
        <CodeForm
          address={awaited}
          action={action}
          onConfirm={confirm}
          onResend={() => sendCode(awaited)}
          onCancel={() => setAwaited(undefined)}
        />
      ) : (
        <AddressForm
          email={email}
          action={action}
          onChange={change}
          {...(!verified && email && { onVerify: () => sendCode(email) })}
        />
      )}
    </Card>
  );
}

function AddressForm({
  email,
  action,
  onChange,
  onVerify,
}: {
  email: string;
  action: Action;
  onChange: (address: string) => Promise<void>;
  onVerify?: () => Promise<void>;
}) {
  return (
    <ActionForm
      action={action}
      onSubmit={(form) => onChange(typed(form, "email").trim())}
      label="Change e-mail"
      busyLabel="One moment…"
      more={onVerify && <Button onClick={onVerify}>Verify {email}</Button>}
    >
      <Field
        label="New e-mail address"
        name="email"
        type="email"
        placeholder={email}
        autoComplete="email"
        required
      />
    </ActionForm>
  );
}

function CodeForm({
  address,
  action,
  onConfirm,
  onResend,
  onCancel,
}: {
  address: string;
  action: Action;
  onConfirm: (code: string) => Promise<void>;
  onResend: () => Promise<void>;
  onCancel: () => void;
}) {
  return (
    <ActionForm
      action={action}
      onSubmit={(form) => onConfirm(typed(form, "code").trim())}
      label="Confirm"
      busyLabel="One moment…"
      more={
        <>
          <Button onClick={onResend}>Send a new code</Button>
          <Button variant="quiet" onClick={onCancel}>
            Not now
          </Button>
        </>
      }
    >
      <Field
        label="Code"
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        hint={<InboxLink address={address} />}
        required
      />
    </ActionForm>
  );
}

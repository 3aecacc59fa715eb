import { updatePassword } from "aws-amplify/auth";
import { Card } from "../../../web/src/ui/card.tsx";
import { Field } from "../../../web/src/ui/field.tsx";
import { useAction } from "../action.tsx";
import { ActionForm, typed } from "../action-form.tsx";

/** Changes the password of whoever knows the present one. */
export function PasswordCard({ email }: { email: string }) {
  const changing = useAction();

  async function change(form: HTMLFormElement) {
    const changed = await changing.run(async () => {
      await updatePassword({
        oldPassword: typed(form, "oldPassword"),
        newPassword: typed(form, "newPassword"),
      });
      return "Your password is changed.";
    });
    if (changed) form.reset();
  }

  return (
    <Card title="Password" note="Your present password shows that it is you.">
      <ActionForm action={changing} onSubmit={change} label="Change password" busyLabel="Changing…">
        {/* Tells a password manager whose password this is. */}
        <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
        <Field
          label="Present password"
          name="oldPassword"
          type="password"
          autoComplete="current-password"
          required
        />
        <Field
          label="New password"
          name="newPassword"
          type="password"
          autoComplete="new-password"
          required
        />
      </ActionForm>
    </Card>
  );
}

import { updatePassword } from "aws-amplify/auth";
import { Button } from "../../../web/src/ui/button.tsx";
import { Card } from "../../../web/src/ui/card.tsx";
import { Field } from "../../../web/src/ui/field.tsx";
import { typed, useAction } from "./action.tsx";

/** Changes the password of whoever knows the present one. */
export function PasswordCard({ email }: { email: string }) {
  const changing = useAction();

  async function change(form: HTMLFormElement) {
    const fields = new FormData(form);
    const changed = await changing.run(async () => {
      await updatePassword({
        oldPassword: typed(fields, "oldPassword"),
        newPassword: typed(fields, "newPassword"),
      });
      return "Your password is changed.";
    });
    if (changed) form.reset();
  }

  return (
    <Card title="Password" note="Your present password shows that it is you.">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          return change(event.currentTarget);
        }}
      >
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
        {changing.outcome}
        <div className="row">
          <Button type="submit" variant="primary" busy={changing.busy}>
            {changing.busy ? "Changing…" : "Change password"}
          </Button>
        </div>
      </form>
    </Card>
  );
}

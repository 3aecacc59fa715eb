import { updateUserAttribute } from "aws-amplify/auth";
import { Card } from "../../../web/src/ui/card.tsx";
import { Field } from "../../../web/src/ui/field.tsx";
import { useAction } from "../action.tsx";
import { ActionForm, typed } from "../action-form.tsx";

/** Changes the user's name. */
export function NameCard({ name, onChanged }: { name: string; onChanged: () => Promise<void> }) {
  const saving = useAction();

  async function save(form: HTMLFormElement) {
    await saving.run(async () => {
      const value = typed(form, "name").trim();
      await updateUserAttribute({ userAttribute: { attributeKey: "name", value } });
      await onChanged();
      return "Your name is saved.";
    });
  }

  return (
    <Card title="Name" note="How the app greets you.">
      <ActionForm action={saving} onSubmit={save} label="Save name" busyLabel="Saving…">
        <Field
          label="Your name"
          name="name"
          defaultValue={name}
          autoComplete="name"
          required
          maxLength={2048}
        />
      </ActionForm>
    </Card>
  );
}

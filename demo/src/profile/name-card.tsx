import { updateUserAttribute } from "aws-amplify/auth";
import { Button } from "../../../web/src/ui/button.tsx";
import { Card } from "../../../web/src/ui/card.tsx";
import { Field } from "../../../web/src/ui/field.tsx";
import { typed, useAction } from "./action.tsx";

/** Changes the user's name. */
export function NameCard({ name, onChanged }: { name: string; onChanged: () => Promise<void> }) {
  const saving = useAction();

  async function save(form: FormData) {
    await saving.run(async () => {
      const value = typed(form, "name").trim();
      await updateUserAttribute({ userAttribute: { attributeKey: "name", value } });
      await onChanged();
      return "Your name is saved.";
    });
  }

  return (
    <Card title="Name" note="How the app greets you.">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          return save(new FormData(event.currentTarget));
        }}
      >
        <Field
          label="Your name"
          name="name"
          defaultValue={name}
          autoComplete="name"
          required
          maxLength={2048}
        />
        {saving.outcome}
        <div className="row">
          <Button type="submit" variant="primary" busy={saving.busy}>
            {saving.busy ? "Saving…" : "Save name"}
          </Button>
        </div>
      </form>
    </Card>
  );
}

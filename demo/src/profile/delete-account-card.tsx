import { deleteUser } from "aws-amplify/auth";
import { useState } from "react";
import { Button } from "../../../web/src/ui/button.tsx";
import { Card } from "../../../web/src/ui/card.tsx";
import { useAction } from "../action.tsx";

/** Deletes the account, after asking once more. */
export function DeleteAccountCard() {
  const [asked, setAsked] = useState(false);
  const deleting = useAction();

  async function remove() {
    await deleting.run(async () => {
      await deleteUser();
      return "Your account is deleted.";
    });
  }

  return (
    <Card title="Delete account" note="Removes you and everything the user pool knows about you.">
      {deleting.outcome}
      {asked ? (
        <>
          <p role="alert">This cannot be undone. Delete the account?</p>
          <div className="row">
            <Button variant="danger" busy={deleting.busy} onClick={remove}>
              {deleting.busy ? "Deleting…" : "Yes, delete it"}
            </Button>
            <Button onClick={() => setAsked(false)}>Keep it</Button>
          </div>
        </>
      ) : (
        <div className="row">
          <Button onClick={() => setAsked(true)}>Delete my account</Button>
        </div>
      )}
    </Card>
  );
}

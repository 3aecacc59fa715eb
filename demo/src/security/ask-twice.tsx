import { type ReactNode, useState } from "react";
import { Button } from "../../../web/src/ui/button.tsx";

/** A button for what cannot be undone: it asks once more before it does it. */
export function AskTwice({
  label,
  what,
  sure,
  busy,
  onConfirm,
}: {
  label: string;
  /** What it is done to, for whoever hears the page. */
  what: ReactNode;
  sure: string;
  busy: boolean;
  onConfirm: () => Promise<unknown>;
}) {
  const [asked, setAsked] = useState(false);
  const told = <span className="visually-hidden"> {what}</span>;
  if (!asked) {
    return (
      <Button onClick={() => setAsked(true)}>
        {label}
        {told}
      </Button>
    );
  }
  return (
    <fieldset className="row" tabIndex={-1} ref={focus}>
      <legend className="visually-hidden">
        {label} {what}?
      </legend>
      <Button variant="danger" busy={busy} onClick={() => onConfirm().then(() => setAsked(false))}>
        {sure}
        {told}
      </Button>
      <Button onClick={() => setAsked(false)}>
        Keep it<span className="visually-hidden">: {what}</span>
      </Button>
    </fieldset>
  );
}

/** The button that was clicked is gone; whoever uses a keyboard goes on at the question, and not at its yes. */
function focus(question: HTMLElement | null): void {
  question?.focus();
}

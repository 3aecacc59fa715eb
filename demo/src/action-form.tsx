import type { ReactNode } from "react";
import { Button } from "../../web/src/ui/button.tsx";
import type { Action } from "./action.tsx";

/** The form that starts an action: its fields, how the action ended, and the button that starts it before any other. */
export function ActionForm({
  action,
  onSubmit,
  label,
  busyLabel,
  more,
  children,
}: {
  action: Action;
  onSubmit: (form: HTMLFormElement) => Promise<void>;
  label: string;
  busyLabel: string;
  more?: ReactNode;
  children: ReactNode;
}) {
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        return onSubmit(event.currentTarget);
      }}
    >
      {children}
      {action.outcome}
      <div className="row">
        <Button type="submit" variant="primary" busy={action.busy}>
          {action.busy ? busyLabel : label}
        </Button>
        {more}
      </div>
    </form>
  );
}

/** Reads what was typed into a form's field. */
export function typed(form: HTMLFormElement, name: string): string {
  const value = new FormData(form).get(name);
  return typeof value === "string" ? value : "";
}

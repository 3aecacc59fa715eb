import { useContext } from "react";
import type { Say } from "../texts/index.ts";
import { ErrorOnPage } from "./error-on-page.ts";
import { TextField } from "./text-field.tsx";

/** A code that was sent, or that an app shows. A recovery code has letters as well. */
export function CodeField(props: {
  say: Say;
  label?: string;
  digits?: boolean;
  hint?: string;
  /** Whether it has the focus at once, or not before what stands above it was done. */
  focus?: "at-once" | "after-error";
}) {
  const { say, label = say("code"), digits = true, hint, focus = "at-once" } = props;
  const hasError = useContext(ErrorOnPage) !== undefined;
  return (
    <TextField
      name="code"
      label={label}
      hint={hint}
      autoComplete="one-time-code"
      inputMode={digits ? "numeric" : "text"}
      maxLength={64}
      autoCapitalize="none"
      spellCheck={false}
      isCode
      autoFocus={focus === "at-once" || hasError}
      required
    />
  );
}

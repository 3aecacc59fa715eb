import type { Say } from "../texts/index.ts";
import { TextField } from "./text-field.tsx";

/** A code that was sent, or that an app shows. A recovery code has letters as well. */
export function CodeField(props: { say: Say; label?: string; digits?: boolean; hint?: string }) {
  const { say, label = say("code"), digits = true, hint } = props;
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
      autoFocus
      required
    />
  );
}

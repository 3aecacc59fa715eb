import type { NameKind } from "../../../../server/src/login/pages.ts";
import type { Say } from "../texts/index.ts";
import { TextField } from "./text-field.tsx";

type Props = {
  kind: NameKind;
  say: Say;
  value: string;
  /** Where a passkey may be offered in the field itself. */
  passkey?: boolean;
  focus?: boolean;
};

/** The name that a user signs in with, by whatever the pool takes for one. */
export function NameField({ kind, say, value, passkey = false, focus = false }: Props) {
  const type = kind === "email" ? "email" : kind === "phone_number" ? "tel" : "text";
  return (
    <TextField
      name="username"
      label={labels[kind](say)}
      type={type}
      value={value}
      maxLength={128}
      autoComplete={passkey ? "username webauthn" : "username"}
      autoCapitalize="none"
      spellCheck={false}
      autoFocus={focus}
      required
      hint={kind === "phone_number" ? say("phoneHint") : undefined}
    />
  );
}

const labels: Record<NameKind, (say: Say) => string> = {
  email: (say) => say("email"),
  phone_number: (say) => say("phone"),
  email_or_phone_number: (say) => say("emailOrPhone"),
  username: (say) => say("username"),
};

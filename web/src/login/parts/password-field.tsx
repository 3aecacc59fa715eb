import type { PasswordRules } from "../../../../server/src/login/pages.ts";
import { EyeIcon, EyeOffIcon } from "../../ui/icons.tsx";
import type { Say } from "../texts/index.ts";
import { useDescription } from "./error-on-page.ts";

/** Cognito's limit. */
const maxLength = 256;

type Props = {
  name: string;
  label: string;
  say: Say;
  /** `new` asks password managers for one of their own making. */
  purpose: "current" | "new";
  required?: boolean;
  focus?: boolean;
  mark?: string | undefined;
  describedBy?: string;
};

/** A field for a password, which the script lets its user see. */
export function PasswordField(props: Props) {
  const { name, label, say, purpose, required = true, focus = false, mark, describedBy } = props;
  const id = `field-${name}`;
  const description = useDescription(describedBy, focus);
  return (
    <div className="field">
      <label htmlFor={id} className="label-customizable">
        {label}
        {mark && <span className="mark"> ({mark})</span>}
      </label>
      <div className="with-button">
        <input
          type="password"
          id={id}
          name={name}
          className="control inputField-customizable"
          autoComplete={`${purpose}-password`}
          maxLength={maxLength}
          required={required}
          autoFocus={focus}
          spellCheck={false}
          autoCapitalize="none"
          {...description}
        />
        <button
          type="button"
          className="reveal"
          data-reveal={id}
          aria-label={say("showPassword")}
          aria-pressed="false"
          hidden
        >
          <span className="icon-show">
            <EyeIcon />
          </span>
          <span className="icon-hide">
            <EyeOffIcon />
          </span>
        </button>
      </div>
    </div>
  );
}

/** The pool's rules; the script ticks off those that are met. */
export function RuleList(props: { id: string; rules: PasswordRules; of: string; say: Say }) {
  const { id, rules, of, say } = props;
  const shown: [string, string, boolean][] = [
    ["length", say("ruleLength", { minimumLength: rules.minimumLength }), true],
    ["uppercase", say("ruleUppercase"), rules.requireUppercase],
    ["lowercase", say("ruleLowercase"), rules.requireLowercase],
    ["number", say("ruleNumber"), rules.requireNumbers],
    ["symbol", say("ruleSymbol"), rules.requireSymbols],
  ];
  return (
    <ul id={id} className="rules" data-rules-of={`field-${of}`} data-length={rules.minimumLength}>
      {shown
        .filter(([, , applies]) => applies)
        .map(([rule, text]) => (
          <li key={rule} data-rule={rule} className="passwordCheck-notValid-customizable">
            {text}
          </li>
        ))}
    </ul>
  );
}

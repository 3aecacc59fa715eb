import type { InputHTMLAttributes } from "react";
import { useDescription } from "./error-on-page.ts";

type Props = Omit<
  InputHTMLAttributes<HTMLInputElement>,
  "id" | "name" | "value" | "dir" | "className"
> & {
  name: string;
  label: string;
  value?: string;
  hint?: string | undefined;
  /** What stands behind the label of a field that may stay empty. */
  mark?: string | undefined;
  /** A code is set apart, for reading it digit by digit. */
  isCode?: boolean;
};

/** Written from left to right in every language. */
const leftToRight: ReadonlySet<string | undefined> = new Set(["email", "tel", "url"]);

/** A field with its label; its hint is read out with it. */
export function TextField({ name, label, value, hint, mark, isCode = false, ...input }: Props) {
  const id = `field-${name.replace(/\W+/g, "-")}`;
  const description = useDescription(hint && `${id}-hint`, input.autoFocus);
  return (
    <div className="field">
      <label htmlFor={id} className="label-customizable">
        {label}
        {mark && <span className="mark"> ({mark})</span>}
      </label>
      <input
        {...input}
        id={id}
        name={name}
        className={`control inputField-customizable${isCode ? " control-code" : ""}`}
        {...(isCode || leftToRight.has(input.type) ? { dir: "ltr" } : {})}
        {...(value ? { defaultValue: value } : {})}
        {...description}
      />
      {hint && (
        <p id={`${id}-hint`} className="hint">
          {hint}
        </p>
      )}
    </div>
  );
}

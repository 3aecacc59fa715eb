import type { InputHTMLAttributes } from "react";

type Props = Omit<InputHTMLAttributes<HTMLInputElement>, "id" | "name" | "value"> & {
  name: string;
  label: string;
  value?: string;
  hint?: string | undefined;
  /** What stands behind the label of a field that may stay empty. */
  mark?: string | undefined;
};

/** A field with its label; its hint is read out with it. */
export function TextField({ name, label, value, hint, mark, ...input }: Props) {
  const id = `field-${name.replace(/\W+/g, "-")}`;
  return (
    <div className="field">
      <label htmlFor={id} className="label-customizable">
        {label}
        {mark && <span className="muted"> ({mark})</span>}
      </label>
      <input
        {...input}
        id={id}
        name={name}
        className="control inputField-customizable"
        {...(value ? { defaultValue: value } : {})}
        {...(hint ? { "aria-describedby": `${id}-hint` } : {})}
      />
      {hint && (
        <p id={`${id}-hint`} className="hint">
          {hint}
        </p>
      )}
    </div>
  );
}

/** An attribute that a form asks for. */
export type Field = {
  /** The attribute, with its prefix: `given_name`, `custom:team`. The form's field is called `requiredAttributes[<name>]`. */
  readonly name: string;
  readonly value: string;
  readonly required: boolean;
  readonly type: "text" | "email" | "tel" | "url" | "date" | "number" | "datetime-local";
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly min?: string;
  readonly max?: string;
};

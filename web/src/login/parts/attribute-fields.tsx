import type { Field } from "../../../../server/src/login/fields.ts";
import { keyOf, type Say } from "../texts/index.ts";
import { TextField } from "./text-field.tsx";

/** What browsers may fill in by themselves (HTML, "Autofill"). */
const autofill: Readonly<Record<string, string>> = {
  address: "street-address",
  birthdate: "bday",
  email: "email",
  family_name: "family-name",
  gender: "sex",
  given_name: "given-name",
  middle_name: "additional-name",
  name: "name",
  nickname: "nickname",
  phone_number: "tel",
  website: "url",
};

/** A field for each attribute; those of the customer are called as the customer called them. */
export function AttributeFields({ fields, say }: { fields: readonly Field[]; say: Say }) {
  return fields.map((field) => {
    const key = keyOf("attribute", field.name);
    const { name, value, required, type, minLength, maxLength, min, max } = field;
    return (
      <TextField
        key={name}
        name={`requiredAttributes[${name}]`}
        label={key ? say(key) : ownName(name)}
        value={value}
        type={type}
        required={required}
        mark={required ? undefined : say("optional")}
        hint={name === "phone_number" ? say("phoneHint") : undefined}
        autoComplete={autofill[name] ?? "off"}
        {...{ minLength, maxLength, min, max }}
      />
    );
  });
}

/** `custom:favourite_colour` as people write it: Favourite colour. */
function ownName(name: string): string {
  const words = name.replace(/^(dev:)?custom:/, "").replaceAll("_", " ");
  return words.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
}

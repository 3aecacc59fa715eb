/** What was typed into the fields of a form, within the bounds that the API has for the same. */
import { invalidParameter } from "../errors/cognito-idp.ts";
import { ServiceError } from "../errors/service-error.ts";
import type { Parameters } from "../protocol/parameters.ts";
import { submittedAttributes } from "./attribute-fields.ts";

/** UsernameType. */
const nameForm = /^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}$/u;
/** AttributeValueType, in UTF-16: nobody types so much. */
const maxValueLength = 2048;

/** The name; refused where the API would take it for none. */
export function typedName(form: Parameters): string {
  const name = form.get("username") ?? "";
  if (!nameForm.test(name)) throw invalidParameter("");
  return name;
}

/**
 * A new password, if one was typed; refused where the second field, if there is one, holds another. How long it may be is
 * for the pool's policy, but no API would take one with a blank at its ends (PasswordType).
 */
export function typedNewPassword(form: Parameters): string | undefined {
  const password = form.get("password");
  const again = form.get("confirmPassword");
  if (again !== undefined && again !== password) throw new ServiceError("passwords-differ", "");
  if (password !== undefined && (password !== password.trim() || /[\n\r]/.test(password))) {
    throw new ServiceError("InvalidPasswordException", "");
  }
  return password;
}

/** A code; people paste them with spaces. */
export function typedCode(form: Parameters): string {
  return (form.get("code") ?? "").replace(/\s/g, "");
}

/** The attributes that were given. */
export function typedAttributes(form: Parameters): Record<string, string> {
  const attributes = submittedAttributes(form);
  if (Object.values(attributes).some((value) => value.length > maxValueLength)) {
    throw invalidParameter("");
  }
  return attributes;
}

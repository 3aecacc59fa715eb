import { ServiceError } from "../errors/service-error.ts";
import type { Parameters } from "../protocol/parameters.ts";

/** Refuses a form whose second password, where it has one, is not the first. */
export function requireSamePasswords(form: Parameters): void {
  const again = form.get("confirmPassword");
  if (again !== undefined && again !== form.get("password")) {
    throw new ServiceError("passwords-differ", "");
  }
}

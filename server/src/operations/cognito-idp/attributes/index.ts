import { AdminDeleteUserAttributes } from "./admin-delete-user-attributes.ts";
import { AdminUpdateUserAttributes } from "./admin-update-user-attributes.ts";
import { DeleteUserAttributes } from "./delete-user-attributes.ts";
import { GetUserAttributeVerificationCode } from "./get-user-attribute-verification-code.ts";
import { UpdateUserAttributes } from "./update-user-attributes.ts";
import { VerifyUserAttribute } from "./verify-user-attribute.ts";

export const attributeOperations = {
  AdminDeleteUserAttributes,
  AdminUpdateUserAttributes,
  DeleteUserAttributes,
  GetUserAttributeVerificationCode,
  UpdateUserAttributes,
  VerifyUserAttribute,
};

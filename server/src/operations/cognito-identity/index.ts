/** Identity pools: routed, and refused by name until they are built. */
import type { Service } from "../../protocol/operation.ts";
import { unsupported } from "./unsupported.ts";

export const cognitoIdentity: Service = {
  signingName: "cognito-identity",
  targetPrefix: "AWSCognitoIdentityService",
  operations: {},
  unsupported,
};

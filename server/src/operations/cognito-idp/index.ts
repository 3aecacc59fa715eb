/** All operations of user pools, and those that are not here yet: a name in neither table does not compile. */
import type { Service } from "../../protocol/operation.ts";
import { attributeOperations } from "./attributes/index.ts";
import { authOperations } from "./auth/index.ts";
import { brandingOperations } from "./branding/index.ts";
import { clientOperations } from "./clients/index.ts";
import { deviceOperations } from "./devices/index.ts";
import { domainOperations } from "./domains/index.ts";
import { groupOperations } from "./groups/index.ts";
import { mfaOperations } from "./mfa/index.ts";
import type { OperationName } from "./operation.ts";
import { passkeyOperations } from "./passkeys/index.ts";
import { passwordOperations } from "./passwords/index.ts";
import { poolOperations } from "./pools/index.ts";
import { resourceServerOperations } from "./resource-servers/index.ts";
import { riskOperations } from "./risk/index.ts";
import { sessionOperations } from "./sessions/index.ts";
import { signUpOperations } from "./sign-up/index.ts";
import { termsOperations } from "./terms/index.ts";
import { unsupported } from "./unsupported.ts";
import { userOperations } from "./users/index.ts";

const operations = {
  ...poolOperations,
  ...clientOperations,
  ...signUpOperations,
  ...passwordOperations,
  ...attributeOperations,
  ...userOperations,
  ...groupOperations,
  ...authOperations,
  ...mfaOperations,
  ...passkeyOperations,
  ...sessionOperations,
  ...riskOperations,
  ...deviceOperations,
  ...domainOperations,
  ...resourceServerOperations,
  ...brandingOperations,
  ...termsOperations,
};

// Proof that no name is forgotten.
operations satisfies Record<Exclude<OperationName, keyof typeof unsupported>, unknown>;

export const cognitoIdp: Service = {
  signingName: "cognito-idp",
  targetPrefix: "AWSCognitoIdentityProviderService",
  operations,
  unsupported,
};

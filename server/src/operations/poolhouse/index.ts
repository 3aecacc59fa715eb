/** Our own operations, for what AWS has no field for; its IAM prefix is `poolhouse:`. */
import type { Service } from "../../protocol/operation.ts";
import { AddFunctionPermission } from "./add-function-permission.ts";
import { ApplyStack } from "./apply-stack.ts";
import { CreateRecoveryCodes } from "./create-recovery-codes.ts";
import { DeleteFunction } from "./delete-function.ts";
import { DescribeRecoveryCodes } from "./describe-recovery-codes.ts";
import { DescribeStack } from "./describe-stack.ts";
import { GetFunction } from "./get-function.ts";
import { GetUserPoolClientExtensions } from "./get-user-pool-client-extensions.ts";
import { GetUserPoolExtensions } from "./get-user-pool-extensions.ts";
import { ListAuditEvents } from "./list-audit-events.ts";
import { ListFunctions } from "./list-functions.ts";
import { PutFunction } from "./put-function.ts";
import { PutUserPoolClientExtensions } from "./put-user-pool-client-extensions.ts";
import { PutUserPoolExtensions } from "./put-user-pool-extensions.ts";
import { RemoveFunctionPermission } from "./remove-function-permission.ts";
import { RotateSigningKeys } from "./rotate-signing-keys.ts";
import { VerifyAuditTrail } from "./verify-audit-trail.ts";

const operations = {
  GetUserPoolExtensions,
  PutUserPoolExtensions,
  GetUserPoolClientExtensions,
  PutUserPoolClientExtensions,
  ApplyStack,
  DescribeStack,
  RotateSigningKeys,
  ListAuditEvents,
  VerifyAuditTrail,
  CreateRecoveryCodes,
  DescribeRecoveryCodes,
  PutFunction,
  GetFunction,
  ListFunctions,
  DeleteFunction,
  AddFunctionPermission,
  RemoveFunctionPermission,
};

export const poolhouse: Service = {
  signingName: "poolhouse",
  targetPrefix: "PoolhouseService",
  operations,
  unsupported: {},
};

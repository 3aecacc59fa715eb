import { AddCustomAttributes } from "./add-custom-attributes.ts";
import { CreateUserPool } from "./create-user-pool.ts";
import { DeleteUserPool } from "./delete-user-pool.ts";
import { DescribeUserPool } from "./describe-user-pool.ts";
import { GetSigningCertificate } from "./get-signing-certificate.ts";
import { ListUserPools } from "./list-user-pools.ts";
import { UpdateUserPool } from "./update-user-pool.ts";

export const poolOperations = {
  CreateUserPool,
  DescribeUserPool,
  UpdateUserPool,
  ListUserPools,
  GetSigningCertificate,
  DeleteUserPool,
  AddCustomAttributes,
};

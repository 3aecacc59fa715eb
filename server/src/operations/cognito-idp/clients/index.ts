import { CreateUserPoolClient } from "./create-user-pool-client.ts";
import { DeleteUserPoolClient } from "./delete-user-pool-client.ts";
import { DescribeUserPoolClient } from "./describe-user-pool-client.ts";
import { ListUserPoolClients } from "./list-user-pool-clients.ts";
import { UpdateUserPoolClient } from "./update-user-pool-client.ts";

export const clientOperations = {
  CreateUserPoolClient,
  DescribeUserPoolClient,
  UpdateUserPoolClient,
  ListUserPoolClients,
  DeleteUserPoolClient,
};

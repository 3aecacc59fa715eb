import { AdminCreateUser } from "./admin-create-user.ts";
import { AdminDeleteUser } from "./admin-delete-user.ts";
import { AdminDisableUser } from "./admin-disable-user.ts";
import { AdminEnableUser } from "./admin-enable-user.ts";
import { AdminGetUser } from "./admin-get-user.ts";
import { DeleteUser } from "./delete-user.ts";
import { GetUser } from "./get-user.ts";
import { ListUsers } from "./list-users.ts";

export const userOperations = {
  GetUser,
  DeleteUser,
  AdminCreateUser,
  AdminGetUser,
  AdminEnableUser,
  AdminDisableUser,
  AdminDeleteUser,
  ListUsers,
};

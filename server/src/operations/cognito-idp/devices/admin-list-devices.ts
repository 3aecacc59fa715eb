import type {
  AdminListDevicesCommandInput,
  AdminListDevicesCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadPool } from "../../../domain/pools/pool.ts";
import { loadUser } from "../../../domain/users/find.ts";
import { required } from "../../../protocol/checks.ts";
import { listDevices } from "../device-list.ts";
import { adminDeviceType } from "../device-type.ts";
import type { CognitoOperation } from "../operation.ts";
import {
  QueryLimitType,
  SearchPaginationTokenType,
  UsernameType,
  UserPoolIdType,
} from "../shapes.ts";

/** Lists the confirmed devices of a user, remembered or not. */
export const AdminListDevices: CognitoOperation<
  AdminListDevicesCommandInput,
  AdminListDevicesCommandOutput
> = {
  caller: "iam",
  readOnly: true,
  input: {
    UserPoolId: required(UserPoolIdType),
    Username: required(UsernameType),
    Limit: QueryLimitType,
    PaginationToken: SearchPaginationTokenType,
  },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const user = await loadUser(call, pool, input.Username);
    const asked = { limit: input.Limit, token: input.PaginationToken };
    const { devices, nextToken } = await listDevices(call, { pool, user }, asked);
    return {
      Devices: devices.map((device) => adminDeviceType(call, { pool, user }, device)),
      PaginationToken: nextToken,
    };
  },
};

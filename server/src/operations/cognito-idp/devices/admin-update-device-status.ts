import type {
  AdminUpdateDeviceStatusCommandInput,
  AdminUpdateDeviceStatusCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { changeDeviceStatus } from "../../../domain/devices/change.ts";
import { loadPool } from "../../../domain/pools/pool.ts";
import { loadUser } from "../../../domain/users/find.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import {
  DeviceKeyType,
  DeviceRememberedStatusType,
  UsernameType,
  UserPoolIdType,
} from "../shapes.ts";

/** Remembers a device of a user, or stops to. */
export const AdminUpdateDeviceStatus: CognitoOperation<
  AdminUpdateDeviceStatusCommandInput,
  AdminUpdateDeviceStatusCommandOutput
> = {
  caller: "iam",
  input: {
    UserPoolId: required(UserPoolIdType),
    Username: required(UsernameType),
    DeviceKey: required(DeviceKeyType),
    DeviceRememberedStatus: DeviceRememberedStatusType,
  },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const user = await loadUser(call, pool, input.Username);
    const status = input.DeviceRememberedStatus;
    await changeDeviceStatus(call, { pool, user, deviceKey: input.DeviceKey, status });
    return {};
  },
};

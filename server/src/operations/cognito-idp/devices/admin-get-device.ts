import type {
  AdminGetDeviceCommandInput,
  AdminGetDeviceCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadDevice } from "../../../domain/devices/device.ts";
import { loadPool } from "../../../domain/pools/pool.ts";
import { loadUser } from "../../../domain/users/find.ts";
import { required } from "../../../protocol/checks.ts";
import { adminDeviceType } from "../device-type.ts";
import type { CognitoOperation } from "../operation.ts";
import { DeviceKeyType, UsernameType, UserPoolIdType } from "../shapes.ts";

export const AdminGetDevice: CognitoOperation<
  AdminGetDeviceCommandInput,
  AdminGetDeviceCommandOutput
> = {
  caller: "iam",
  readOnly: true,
  input: {
    DeviceKey: required(DeviceKeyType),
    UserPoolId: required(UserPoolIdType),
    Username: required(UsernameType),
  },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const user = await loadUser(call, pool, input.Username);
    const device = await loadDevice(call, pool, { userId: user.id, deviceKey: input.DeviceKey });
    return { Device: adminDeviceType(call, { pool, user }, device) };
  },
};

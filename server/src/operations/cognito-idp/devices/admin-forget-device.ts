import type {
  AdminForgetDeviceCommandInput,
  AdminForgetDeviceCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { forgetDevice } from "../../../domain/devices/change.ts";
import { loadPool } from "../../../domain/pools/pool.ts";
import { loadUser } from "../../../domain/users/find.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { DeviceKeyType, UsernameType, UserPoolIdType } from "../shapes.ts";

/** Forgets a device of a user and ends the sign-ins that are bound to it. */
export const AdminForgetDevice: CognitoOperation<
  AdminForgetDeviceCommandInput,
  AdminForgetDeviceCommandOutput
> = {
  caller: "iam",
  input: {
    UserPoolId: required(UserPoolIdType),
    Username: required(UsernameType),
    DeviceKey: required(DeviceKeyType),
  },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const user = await loadUser(call, pool, input.Username);
    await forgetDevice(call, { pool, user, deviceKey: input.DeviceKey });
    return {};
  },
};

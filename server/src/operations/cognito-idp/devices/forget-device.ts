import type {
  ForgetDeviceCommandInput,
  ForgetDeviceCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { forgetDevice } from "../../../domain/devices/change.ts";
import { requireSettled } from "../../../domain/users/settled.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { DeviceKeyType, TokenModelType } from "../shapes.ts";

/** AWS's model has the token as optional; without one there is nobody whose device it is. */
type Input = ForgetDeviceCommandInput & Required<Pick<ForgetDeviceCommandInput, "AccessToken">>;

/** Forgets a device of the caller, be it the one that asks or another. */
export const ForgetDevice: CognitoOperation<Input, ForgetDeviceCommandOutput> = {
  caller: "token",
  input: { AccessToken: required(TokenModelType), DeviceKey: required(DeviceKeyType) },
  async handle(call, input) {
    const { pool, user, claims } = call;
    requireSettled(user);
    const keepFamilyId = claims.origin_jti;
    await forgetDevice(call, { pool, user, deviceKey: input.DeviceKey, keepFamilyId });
    return {};
  },
};

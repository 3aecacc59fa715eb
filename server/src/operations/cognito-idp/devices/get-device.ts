import type {
  GetDeviceCommandInput,
  GetDeviceCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadDevice } from "../../../domain/devices/device.ts";
import { requireSettled } from "../../../domain/users/settled.ts";
import { required } from "../../../protocol/checks.ts";
import { deviceType } from "../device-type.ts";
import type { CognitoOperation } from "../operation.ts";
import { DeviceKeyType, TokenModelType } from "../shapes.ts";

/** AWS's model has the token as optional; without one there is nobody whose device it is. */
type Input = GetDeviceCommandInput & Required<Pick<GetDeviceCommandInput, "AccessToken">>;

export const GetDevice: CognitoOperation<Input, GetDeviceCommandOutput> = {
  caller: "token",
  readOnly: true,
  input: { DeviceKey: required(DeviceKeyType), AccessToken: required(TokenModelType) },
  async handle(call, input) {
    const { pool, user } = call;
    requireSettled(user);
    const device = await loadDevice(call, pool, { userId: user.id, deviceKey: input.DeviceKey });
    return { Device: deviceType(device) };
  },
};

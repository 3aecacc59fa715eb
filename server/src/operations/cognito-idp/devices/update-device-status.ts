import type {
  UpdateDeviceStatusCommandInput,
  UpdateDeviceStatusCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { changeDeviceStatus } from "../../../domain/devices/change.ts";
import { requireSettled } from "../../../domain/users/settled.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { DeviceKeyType, DeviceRememberedStatusType, TokenModelType } from "../shapes.ts";

/** Remembers a device of the caller, or stops to. */
export const UpdateDeviceStatus: CognitoOperation<
  UpdateDeviceStatusCommandInput,
  UpdateDeviceStatusCommandOutput
> = {
  caller: "token",
  input: {
    AccessToken: required(TokenModelType),
    DeviceKey: required(DeviceKeyType),
    DeviceRememberedStatus: DeviceRememberedStatusType,
  },
  async handle(call, input) {
    const { pool, user } = call;
    requireSettled(user);
    const status = input.DeviceRememberedStatus;
    await changeDeviceStatus(call, { pool, user, deviceKey: input.DeviceKey, status });
    return {};
  },
};

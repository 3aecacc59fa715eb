import type {
  ConfirmDeviceCommandInput,
  ConfirmDeviceCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { confirmDevice } from "../../../domain/devices/confirm.ts";
import { requireSettled } from "../../../domain/users/settled.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import {
  DeviceKeyType,
  DeviceNameType,
  DeviceSecretVerifierConfigType,
  TokenModelType,
} from "../shapes.ts";

/** Confirms the device that a sign-in was given, with what its secret is checked by. */
export const ConfirmDevice: CognitoOperation<
  ConfirmDeviceCommandInput,
  ConfirmDeviceCommandOutput
> = {
  caller: "token",
  input: {
    AccessToken: required(TokenModelType),
    DeviceKey: required(DeviceKeyType),
    DeviceSecretVerifierConfig: DeviceSecretVerifierConfigType,
    DeviceName: DeviceNameType,
  },
  async handle(call, input) {
    requireSettled(call.user);
    const { Salt, PasswordVerifier } = input.DeviceSecretVerifierConfig ?? {};
    const confirmed = await confirmDevice(call, {
      deviceKey: input.DeviceKey,
      name: input.DeviceName,
      verifier: { salt: Salt, passwordVerifier: PasswordVerifier },
    });
    return { UserConfirmationNecessary: confirmed.userConfirmationNecessary };
  },
};

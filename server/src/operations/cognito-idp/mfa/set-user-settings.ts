import type {
  SetUserSettingsCommandInput,
  SetUserSettingsCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { setOwnPreference } from "../../../domain/mfa/preference.ts";
import { required } from "../../../protocol/checks.ts";
import { readMfaOptions } from "../mfa-preference.ts";
import type { CognitoOperation } from "../operation.ts";
import { MFAOptionListType, TokenModelType } from "../shapes.ts";

/** What SetUserMFAPreference does, for clients from before it. */
export const SetUserSettings: CognitoOperation<
  SetUserSettingsCommandInput,
  SetUserSettingsCommandOutput
> = {
  caller: "token",
  input: {
    AccessToken: required(TokenModelType),
    MFAOptions: required(MFAOptionListType),
  },
  async handle(call, input) {
    await setOwnPreference(call, readMfaOptions(input.MFAOptions));
    return {};
  },
};

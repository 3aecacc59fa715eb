import type {
  SetUserMFAPreferenceCommandInput,
  SetUserMFAPreferenceCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { setOwnPreference } from "../../../domain/mfa/preference.ts";
import { required } from "../../../protocol/checks.ts";
import { preferenceMembers, readPreference } from "../mfa-preference.ts";
import type { CognitoOperation } from "../operation.ts";
import { TokenModelType } from "../shapes.ts";

export const SetUserMFAPreference: CognitoOperation<
  SetUserMFAPreferenceCommandInput,
  SetUserMFAPreferenceCommandOutput
> = {
  caller: "token",
  input: { AccessToken: required(TokenModelType), ...preferenceMembers },
  async handle(call, input) {
    await setOwnPreference(call, readPreference(input));
    return {};
  },
};

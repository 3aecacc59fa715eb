import type {
  GlobalSignOutCommandInput,
  GlobalSignOutCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { signOutEverywhere } from "../../../domain/tokens/revoke.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { TokenModelType } from "../shapes.ts";

/** Signs the holder of the token out on all devices. */
export const GlobalSignOut: CognitoOperation<
  GlobalSignOutCommandInput,
  GlobalSignOutCommandOutput
> = {
  caller: "token",
  input: { AccessToken: required(TokenModelType) },
  async handle(call) {
    await call.change((trx) => signOutEverywhere(trx, call, call.user));
    return {};
  },
};

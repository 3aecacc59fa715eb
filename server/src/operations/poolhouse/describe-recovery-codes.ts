import { recoveryCodesLeft } from "../../domain/mfa/recovery-codes.ts";
import { required } from "../../protocol/checks.ts";
import { TokenModelType } from "../cognito-idp/shapes.ts";
import type { PoolhouseOperation } from "./operation.ts";

/** Tells how many recovery codes the caller has left. */
export const DescribeRecoveryCodes: PoolhouseOperation<
  { AccessToken: string },
  { RemainingCodes: number }
> = {
  caller: "token",
  readOnly: true,
  input: { AccessToken: required(TokenModelType) },
  async handle(call) {
    return { RemainingCodes: await recoveryCodesLeft(call) };
  },
};

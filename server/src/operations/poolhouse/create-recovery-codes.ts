import { createRecoveryCodes } from "../../domain/mfa/recovery-codes.ts";
import { required } from "../../protocol/checks.ts";
import { TokenModelType } from "../cognito-idp/shapes.ts";
import type { PoolhouseOperation } from "./operation.ts";

/** Makes the caller's recovery codes, which are told here and never again; earlier ones are void. */
export const CreateRecoveryCodes: PoolhouseOperation<
  { AccessToken: string },
  { RecoveryCodes: string[] }
> = {
  caller: "token",
  input: { AccessToken: required(TokenModelType) },
  async handle(call) {
    return { RecoveryCodes: await createRecoveryCodes(call) };
  },
};

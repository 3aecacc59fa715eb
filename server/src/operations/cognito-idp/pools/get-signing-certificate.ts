import type {
  GetSigningCertificateCommandInput,
  GetSigningCertificateCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { samlSigningCertificate } from "../../../domain/keys/saml-certificate.ts";
import { loadPool } from "../../../domain/pools/pool.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { UserPoolIdType } from "../shapes.ts";

export const GetSigningCertificate: CognitoOperation<
  GetSigningCertificateCommandInput,
  GetSigningCertificateCommandOutput
> = {
  caller: "iam",
  readOnly: true,
  input: { UserPoolId: required(UserPoolIdType) },
  async handle(call, { UserPoolId }) {
    const pool = await loadPool(call, UserPoolId);
    return { Certificate: await samlSigningCertificate(call, pool) };
  },
};

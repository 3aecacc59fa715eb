import type {
  GetUICustomizationCommandInput,
  GetUICustomizationCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import {
  allClients,
  requireDomain,
  uiCustomizationOf,
} from "../../../domain/branding/ui-customization.ts";
import { loadClientOfPool } from "../../../domain/clients/client.ts";
import { loadPool } from "../../../domain/pools/pool.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { ClientIdType, UserPoolIdType } from "../shapes.ts";
import { uiCustomizationType } from "../ui-customization-type.ts";

export const GetUICustomization: CognitoOperation<
  GetUICustomizationCommandInput,
  GetUICustomizationCommandOutput
> = {
  caller: "iam",
  readOnly: true,
  input: { UserPoolId: required(UserPoolIdType), ClientId: ClientIdType },
  async handle(call, { UserPoolId, ClientId = allClients }) {
    const pool = await loadPool(call, UserPoolId);
    await requireDomain(call.db, pool);
    if (ClientId !== allClients) await loadClientOfPool(call, { pool, clientId: ClientId });
    const key = { userPoolId: pool.id, clientId: ClientId };
    const customization = await uiCustomizationOf(call.db, key);
    const { publicUrl } = call.settings;
    return {
      // "Returns an empty object if you haven't applied hosted UI branding" (API reference).
      UICustomization: customization ? uiCustomizationType(customization, publicUrl) : {},
    };
  },
};

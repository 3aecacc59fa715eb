import type {
  SetUICustomizationCommandInput,
  SetUICustomizationCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { allClients, setUiCustomization } from "../../../domain/branding/ui-customization.ts";
import { loadClientOfPool } from "../../../domain/clients/client.ts";
import { loadPool } from "../../../domain/pools/pool.ts";
import { required } from "../../../protocol/checks.ts";
import { CSSType, ImageFileType } from "../branding-shapes.ts";
import type { CognitoOperation } from "../operation.ts";
import { ClientIdType, UserPoolIdType } from "../shapes.ts";
import { uiCustomizationType } from "../ui-customization-type.ts";

export const SetUICustomization: CognitoOperation<
  SetUICustomizationCommandInput,
  SetUICustomizationCommandOutput
> = {
  caller: "iam",
  input: {
    UserPoolId: required(UserPoolIdType),
    ClientId: ClientIdType,
    CSS: CSSType,
    ImageFile: ImageFileType,
  },
  async handle(call, { UserPoolId, ClientId = allClients, CSS, ImageFile }) {
    const pool = await loadPool(call, UserPoolId);
    const client =
      ClientId === allClients
        ? undefined
        : await loadClientOfPool(call, { pool, clientId: ClientId });
    const given = { css: CSS, image: ImageFile };
    const customization = await setUiCustomization(call, { pool, client }, given);
    return { UICustomization: uiCustomizationType(customization, call.settings.publicUrl) };
  },
};

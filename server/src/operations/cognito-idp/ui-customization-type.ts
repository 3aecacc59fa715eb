import type { UICustomizationType } from "@aws-sdk/client-cognito-identity-provider";
import type { UiCustomization } from "../../domain/branding/ui-customization.ts";

/** A classic look as AWS shows it; the image is on this server. */
export function uiCustomizationType(
  customization: UiCustomization,
  publicUrl: string,
): UICustomizationType {
  const { userPoolId, clientId, css, imageHash } = customization;
  return {
    UserPoolId: userPoolId,
    ClientId: clientId,
    ...(imageHash === undefined
      ? {}
      : {
          ImageUrl: `${publicUrl}/${userPoolId}/branding/image?name=logo&client_id=${encodeURIComponent(clientId)}`,
        }),
    CSS: css,
    CSSVersion: css === undefined ? undefined : customization.cssVersion,
    LastModifiedDate: new Date(customization.modifiedAtMs),
    CreationDate: new Date(customization.createdAtMs),
  };
}

import type { CodeDeliveryDetailsType } from "@aws-sdk/client-cognito-identity-provider";
import type { CodeTarget } from "../../domain/codes/code.ts";
import { maskDestination } from "../../domain/users/contacts.ts";

/** Where a code went, as AWS shows it: the address only masked. */
export function codeDeliveryDetails({
  attribute,
  destination,
}: CodeTarget): CodeDeliveryDetailsType {
  return {
    AttributeName: attribute,
    DeliveryMedium: attribute === "email" ? "EMAIL" : "SMS",
    Destination: maskDestination(attribute, destination),
  };
}

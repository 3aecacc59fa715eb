import type { UserType } from "@aws-sdk/client-cognito-identity-provider";
import { listedAttributes, type User } from "../../domain/users/user.ts";
import { mfaOptionsType } from "./user-mfa-type.ts";

/** A user as AWS shows it; with the attributes named in `attributesToGet`, or with all. */
export function userType(user: User, attributesToGet?: ReadonlySet<string>) {
  return {
    Username: user.username,
    Attributes: listedAttributes(user).filter(
      ({ Name }) => attributesToGet === undefined || attributesToGet.has(Name),
    ),
    UserCreateDate: new Date(user.createdAtMs),
    UserLastModifiedDate: new Date(user.modifiedAtMs),
    Enabled: user.enabled,
    UserStatus: user.status,
    MFAOptions: mfaOptionsType(user.factors),
  } satisfies UserType;
}

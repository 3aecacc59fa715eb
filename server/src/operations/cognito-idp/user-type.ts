import type { UserType } from "@aws-sdk/client-cognito-identity-provider";
import { listedAttributes, type User } from "../../domain/users/user.ts";

/** A user as AWS lists it; with the attributes named in `attributesToGet`, or with all. */
export function userType(user: User, attributesToGet?: readonly string[]): UserType {
  return {
    Username: user.username,
    Attributes: listedAttributes(user).filter(
      ({ Name }) => attributesToGet === undefined || attributesToGet.includes(Name),
    ),
    UserCreateDate: new Date(user.createdAtMs),
    UserLastModifiedDate: new Date(user.modifiedAtMs),
    Enabled: user.enabled,
    UserStatus: user.status,
  };
}

import { signInDefaults, type UserPoolSettings } from "./pool.ts";
import { standardAttributes } from "./standard-attributes.ts";

/** What AWS gives a pool that was created with a name and nothing else (DescribeUserPool after CreateUserPool). */
export const defaultUserPoolSettings: UserPoolSettings = {
  ...signInDefaults,
  passwordPolicy: {
    minimumLength: 8,
    requireUppercase: true,
    requireLowercase: true,
    requireNumbers: true,
    requireSymbols: true,
    temporaryPasswordValidityDays: 7,
  },
  deletionProtection: false,
  // Pools made by the API are case-sensitive unless UsernameConfiguration says otherwise; the console says otherwise.
  caseSensitive: true,
  usernameConfigurationGiven: false,
  verificationBeforeUpdate: [],
  adminCreateUserOnly: false,
  verificationTemplate: {},
  emailConfiguration: { emailSendingAccount: "COGNITO_DEFAULT" },
  schema: standardAttributes,
  tier: "ESSENTIALS",
  tags: {},
};

import type {
  CreateUserPoolCommandInput,
  CreateUserPoolCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { checkMfaSettings, factorsAfterReplacement } from "../../../domain/mfa/check-settings.ts";
import { createPool } from "../../../domain/pools/create.ts";
import { signInDefaults } from "../../../domain/pools/pool.ts";
import { present } from "../../../lib/present.ts";
import { required } from "../../../protocol/checks.ts";
import { readPoolExtensions } from "../../poolhouse/extensions.ts";
import type { CognitoOperation } from "../operation.ts";
import { poolMembers, readFixedSettings, readReplaceableSettings } from "../pool-settings.ts";
import {
  AliasAttributesListType,
  SchemaAttributesListType,
  UsernameAttributesListType,
  UsernameConfigurationType,
  UserPoolNameType,
} from "../pool-shapes.ts";
import { userPoolType } from "../user-pool-type.ts";

export const CreateUserPool: CognitoOperation<
  CreateUserPoolCommandInput,
  CreateUserPoolCommandOutput
> = {
  caller: "iam",
  input: {
    PoolName: required(UserPoolNameType),
    AliasAttributes: AliasAttributesListType,
    UsernameAttributes: UsernameAttributesListType,
    UsernameConfiguration: UsernameConfigurationType,
    Schema: SchemaAttributesListType,
    ...poolMembers,
  },
  async handle(call, input) {
    const asked = {
      ...signInDefaults,
      ...readFixedSettings(input),
      ...readReplaceableSettings(input),
    };
    const settings = { ...asked, mfa: factorsAfterReplacement(asked, signInDefaults.mfa) };
    checkMfaSettings(settings);
    const extensions = call.fixed?.extensions && readPoolExtensions(call.fixed.extensions);
    const given = { id: call.fixed?.id, name: input.PoolName, settings, extensions };
    const pool = await createPool(call, present(given));
    const { accountId } = call.settings;
    return { UserPool: userPoolType(pool, { accountId, users: 0, domains: [] }) };
  },
};

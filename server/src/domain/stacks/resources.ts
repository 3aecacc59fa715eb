/** How each type of resource is found, made, changed and removed: by the very operations that CloudFormation calls. */
import { ServiceError } from "../../errors/service-error.ts";
import { makeClientId, makeUserPoolId } from "../../lib/ids.ts";
import type { AdminCall } from "../call.ts";
import { signInDefaults } from "../pools/pool.ts";
import { managedLoginBranding, terms, uiCustomizationAttachment } from "./branding-resources.ts";
import { userPoolDomain, userPoolResourceServer } from "./domain-resources.ts";
import { lambdaFunction, lambdaPermission } from "./function-resources.ts";
import { invoke, isFound, removeIfThere } from "./invoke.ts";
import { refuseChange } from "./refusal.ts";
import type { ResourceType } from "./resource-type.ts";
import type { PropertiesOf, ResourceTypeName } from "./template/resource-types.ts";
import {
  compareSchemas,
  toAdminAddUserToGroupInput,
  toAdminCreateUserInput,
  toCreateGroupInput,
  toCreateUserPoolClientInput,
  toCreateUserPoolInput,
  toSetUserPoolMfaConfigInput,
  toUpdateGroupInput,
  toUpdateUserPoolClientInput,
  toUpdateUserPoolInput,
} from "./template/to-api.ts";

/** Whether a call that may have come too early was done; false where what it asks for does not go with what there is. */
async function isAccepted(call: AdminCall, operation: string, input: object): Promise<boolean> {
  try {
    await invoke(call, operation, input);
    return true;
  } catch (error) {
    const premature = ["InvalidParameterException", "FeatureUnavailableInTierException"];
    if (error instanceof ServiceError && premature.includes(error.code)) return false;
    throw error;
  }
}

/** A member of an answer that the operation promises. */
function promised(value: string | undefined, what: string): string {
  if (value === undefined) throw new Error(`the answer names no ${what}`);
  return value;
}

/**
 * CloudFormation has no property for the tracking of sessions, so a template says it beside the extensions. One that does
 * not say it leaves what SetUserPoolSessionConfiguration set.
 */
function splitExtensions(extensions: Readonly<Record<string, unknown>>, UserPoolId: string) {
  const { UserSessionTracking, ...document } = extensions;
  const TokenSession = { MaxPerUser: signInDefaults.sessions.maxPerUser };
  const configuration = { UserPoolId, UserSessionTracking, TokenSession };
  return { sessions: UserSessionTracking === undefined ? undefined : configuration, document };
}

const userPool: ResourceType<PropertiesOf<"AWS::Cognito::UserPool">> = {
  chooseId: (call) => makeUserPoolId(call.random, call.principal.region),
  attributes({ settings }, id) {
    const region = id.split("_")[0] ?? "";
    const provider = `cognito-idp.${region}.amazonaws.com/${id}`;
    return {
      UserPoolId: id,
      Arn: `arn:aws:cognito-idp:${region}:${settings.accountId}:userpool/${id}`,
      ProviderName: provider,
      ProviderURL: `https://${provider}`,
    };
  },
  exists: (call, { physicalId }) => isFound(call, "DescribeUserPool", { UserPoolId: physicalId }),
  async make(call, { properties, extensions, defaultName }, id) {
    const input = toCreateUserPoolInput(properties, defaultName);
    const { sessions, document } = splitExtensions(extensions, id);
    const fixed = { id, extensions: document };
    await call.invoke({ service: "cognito-idp", operation: "CreateUserPool", input, fixed });
    const mfa = toSetUserPoolMfaConfigInput(properties, id);
    if (mfa) await invoke(call, "SetUserPoolMfaConfig", mfa);
    if (sessions) await invoke(call, "SetUserPoolSessionConfiguration", sessions);
    return id;
  },
  async change(call, { physicalId, properties: before }, { properties, extensions, ...wanted }) {
    const { added, refused } = compareSchemas(before, properties);
    if (refused.length > 0) {
      throw refuseChange(
        wanted.at,
        `attributes cannot be changed or removed: ${refused.join(", ")}`,
      );
    }
    const update = toUpdateUserPoolInput(properties, physicalId, wanted.defaultName);
    const mfa = toSetUserPoolMfaConfigInput(properties, physicalId, before);
    if (!mfa || (await isAccepted(call, "SetUserPoolMfaConfig", mfa))) {
      await invoke(call, "UpdateUserPool", update);
    } else {
      const { MfaConfiguration } = before;
      await invoke(call, "UpdateUserPool", { ...update, MfaConfiguration });
      await invoke(call, "SetUserPoolMfaConfig", mfa);
    }
    if (added.length > 0) {
      const input = { UserPoolId: physicalId, CustomAttributes: added };
      await invoke(call, "AddCustomAttributes", input);
    }
    const { sessions, document } = splitExtensions(extensions, physicalId);
    const input = { UserPoolId: physicalId, Extensions: document };
    await call.invoke({ service: "poolhouse", operation: "PutUserPoolExtensions", input });
    if (sessions) await invoke(call, "SetUserPoolSessionConfiguration", sessions);
  },
  remove: (call, { physicalId }) =>
    removeIfThere(call, "DeleteUserPool", { UserPoolId: physicalId }),
};

const userPoolClient: ResourceType<PropertiesOf<"AWS::Cognito::UserPoolClient">> = {
  chooseId: (call) => makeClientId(call.random),
  attributes: (_call, id) => ({ ClientId: id }),
  exists: (call, { physicalId, properties }) =>
    isFound(call, "DescribeUserPoolClient", {
      UserPoolId: properties.UserPoolId,
      ClientId: physicalId,
    }),
  async make(call, { properties, extensions, defaultName }, id) {
    const input = toCreateUserPoolClientInput(properties, defaultName);
    const fixed = { id, extensions };
    await call.invoke({ service: "cognito-idp", operation: "CreateUserPoolClient", input, fixed });
    return id;
  },
  async change(call, { physicalId }, { properties, extensions, defaultName }) {
    const update = toUpdateUserPoolClientInput(properties, physicalId, defaultName);
    await invoke(call, "UpdateUserPoolClient", update);
    const key = { UserPoolId: properties.UserPoolId, ClientId: physicalId };
    const input = { ...key, Extensions: extensions };
    await call.invoke({ service: "poolhouse", operation: "PutUserPoolClientExtensions", input });
  },
  remove: (call, { physicalId, properties }) =>
    removeIfThere(call, "DeleteUserPoolClient", {
      UserPoolId: properties.UserPoolId,
      ClientId: physicalId,
    }),
};

const userPoolGroup: ResourceType<PropertiesOf<"AWS::Cognito::UserPoolGroup">> = {
  chooseId: (_call, { properties, defaultName }) => properties.GroupName ?? defaultName,
  exists: (call, { physicalId, properties }) =>
    isFound(call, "GetGroup", { UserPoolId: properties.UserPoolId, GroupName: physicalId }),
  async make(call, { properties, defaultName }) {
    const input = toCreateGroupInput(properties, defaultName);
    const { Group } = await invoke(call, "CreateGroup", input);
    return promised(Group?.["GroupName"], "group");
  },
  async change(call, _existing, { properties, defaultName }) {
    await invoke(call, "UpdateGroup", toUpdateGroupInput(properties, defaultName));
  },
  remove: (call, { physicalId, properties }) =>
    removeIfThere(call, "DeleteGroup", {
      UserPoolId: properties.UserPoolId,
      GroupName: physicalId,
    }),
};

const userPoolUser: ResourceType<PropertiesOf<"AWS::Cognito::UserPoolUser">> = {
  chooseId: (_call, { properties, defaultName }) => properties.Username ?? defaultName,
  exists: (call, { physicalId, properties }) =>
    isFound(call, "AdminGetUser", { UserPoolId: properties.UserPoolId, Username: physicalId }),
  async make(call, { properties, defaultName }) {
    const input = toAdminCreateUserInput(properties, defaultName);
    const { User } = await invoke(call, "AdminCreateUser", input);
    return promised(User?.["Username"], "user");
  },
  remove: (call, { physicalId, properties }) =>
    removeIfThere(call, "AdminDeleteUser", {
      UserPoolId: properties.UserPoolId,
      Username: physicalId,
    }),
};

const userToGroup: ResourceType<PropertiesOf<"AWS::Cognito::UserPoolUserToGroupAttachment">> = {
  chooseId: (_call, { properties }) => attachmentId(properties),
  async exists(call, { properties }) {
    const { UserPoolId, Username, GroupName } = properties;
    const input = { UserPoolId, Username, Limit: 60 };
    if (!(await isFound(call, "AdminGetUser", { UserPoolId, Username }))) return false;
    let page: { Groups?: { GroupName?: string }[]; NextToken?: string } = {};
    do {
      const next = page.NextToken === undefined ? {} : { NextToken: page.NextToken };
      page = await call.invoke({
        service: "cognito-idp",
        operation: "AdminListGroupsForUser",
        input: { ...input, ...next },
      });
      if (page.Groups?.some((group) => group.GroupName === GroupName)) return true;
    } while (page.NextToken !== undefined);
    return false;
  },
  async make(call, { properties }) {
    await invoke(call, "AdminAddUserToGroup", toAdminAddUserToGroupInput(properties));
    return attachmentId(properties);
  },
  remove: (call, { properties }) => {
    const { UserPoolId, Username, GroupName } = properties;
    const input = { UserPoolId, Username, GroupName };
    return removeIfThere(call, "AdminRemoveUserFromGroup", input);
  },
};

function attachmentId(properties: { GroupName: string; Username: string }): string {
  return `${properties.GroupName}/${properties.Username}`;
}

const types: { readonly [T in ResourceTypeName]: ResourceType<PropertiesOf<T>> } = {
  "AWS::Cognito::ManagedLoginBranding": managedLoginBranding,
  "AWS::Cognito::Terms": terms,
  "AWS::Cognito::UserPool": userPool,
  "AWS::Cognito::UserPoolClient": userPoolClient,
  "AWS::Cognito::UserPoolDomain": userPoolDomain,
  "AWS::Cognito::UserPoolGroup": userPoolGroup,
  "AWS::Cognito::UserPoolResourceServer": userPoolResourceServer,
  "AWS::Cognito::UserPoolUICustomizationAttachment": uiCustomizationAttachment,
  "AWS::Cognito::UserPoolUser": userPoolUser,
  "AWS::Cognito::UserPoolUserToGroupAttachment": userToGroup,
  "AWS::Lambda::Function": lambdaFunction,
  "AWS::Lambda::Permission": lambdaPermission,
};

/** The handling of a type, its properties' types forgotten: what it gets was checked against the same table. */
export function resourceTypeHandling(type: ResourceTypeName): ResourceType<never> {
  return types[type] as ResourceType<never>;
}

/** Types in the order in which their resources can be removed: what is inside another goes first. */
export const removalOrder: readonly string[] = [
  "AWS::Lambda::Permission",
  "AWS::Cognito::UserPoolUserToGroupAttachment",
  "AWS::Cognito::UserPoolUser",
  "AWS::Cognito::UserPoolGroup",
  "AWS::Cognito::Terms",
  "AWS::Cognito::ManagedLoginBranding",
  // Both the client and the domain are needed to take it away.
  "AWS::Cognito::UserPoolUICustomizationAttachment",
  "AWS::Cognito::UserPoolClient",
  "AWS::Cognito::UserPoolResourceServer",
  "AWS::Cognito::UserPoolDomain",
  "AWS::Cognito::UserPool",
  "AWS::Lambda::Function",
];

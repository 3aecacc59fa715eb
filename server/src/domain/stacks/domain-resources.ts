/** Domains and resource servers of pools, as resources of a stack. */
import type { AdminCall } from "../call.ts";
import { targetOfDomains } from "../domains/domain.ts";
import { invoke, isFound, removeIfThere } from "./invoke.ts";
import type { Existing, ResourceType } from "./resource-type.ts";
import type { PropertiesOf } from "./template/resource-types.ts";

type DomainProperties = PropertiesOf<"AWS::Cognito::UserPoolDomain">;
type ResourceServerProperties = PropertiesOf<"AWS::Cognito::UserPoolResourceServer">;

export const userPoolDomain: ResourceType<DomainProperties> = {
  chooseId: (_call, { properties }) => properties.Domain,
  attributes: ({ settings }) => ({ CloudFrontDistribution: targetOfDomains(settings) }),
  exists: isOfPool,
  async make(call, { properties }) {
    await invoke(call, "CreateUserPoolDomain", properties);
    return properties.Domain;
  },
  async change(call, _existing, { properties }) {
    // The operation leaves what it is not told; what a template no longer says has its default.
    await invoke(call, "UpdateUserPoolDomain", { ManagedLoginVersion: 1, ...properties });
  },
  async remove(call, existing) {
    // A name that the pool does not have is a parameter's fault to DeleteUserPoolDomain, like any other.
    if (!(await isOfPool(call, existing))) return;
    const { UserPoolId, Domain } = existing.properties;
    await removeIfThere(call, "DeleteUserPoolDomain", { UserPoolId, Domain });
  },
};

async function isOfPool(
  call: AdminCall,
  { properties }: Existing<DomainProperties>,
): Promise<boolean> {
  const { UserPoolId, Domain } = properties;
  const { DomainDescription } = await invoke(call, "DescribeUserPoolDomain", { Domain });
  return DomainDescription?.["UserPoolId"] === UserPoolId;
}

export const userPoolResourceServer: ResourceType<ResourceServerProperties> = {
  chooseId: (_call, { properties }) => properties.Identifier,
  exists: (call, { properties }) => isFound(call, "DescribeResourceServer", keyOf(properties)),
  async make(call, { properties }) {
    await invoke(call, "CreateResourceServer", properties);
    return properties.Identifier;
  },
  async change(call, _existing, { properties }) {
    await invoke(call, "UpdateResourceServer", properties);
  },
  remove: (call, { properties }) => removeIfThere(call, "DeleteResourceServer", keyOf(properties)),
};

function keyOf({ UserPoolId, Identifier }: ResourceServerProperties) {
  return { UserPoolId, Identifier };
}

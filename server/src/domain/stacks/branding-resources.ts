/** Brandings and terms of clients, as resources of a stack. */
import { isDeepStrictEqual } from "node:util";
import { ServiceError } from "../../errors/service-error.ts";
import type { AdminCall } from "../call.ts";
import { invoke, isFound, removeIfThere } from "./invoke.ts";
import type { ResourceType } from "./resource-type.ts";
import type { PropertiesOf } from "./template/resource-types.ts";

type Branding = PropertiesOf<"AWS::Cognito::ManagedLoginBranding">;
type Attachment = PropertiesOf<"AWS::Cognito::UserPoolUICustomizationAttachment">;
type Terms = PropertiesOf<"AWS::Cognito::Terms">;

/** As CloudFormation joins what identifies them: the pool and the id in it. */
const physicalIdOf = (userPoolId: string, id: string) => `${userPoolId}|${id}`;
const idIn = (physicalId: string) => physicalId.slice(physicalId.indexOf("|") + 1);

type InPool = { readonly UserPoolId: string };

/** Chosen before the resource is made, so that one whose making was cut short is found again. */
const chooseId = (call: AdminCall, { properties }: { properties: InPool }) =>
  physicalIdOf(properties.UserPoolId, call.random.uuid());

async function create(call: AdminCall, operation: string, given: { input: object; id: string }) {
  const { input, id } = given;
  await call.invoke({ service: "cognito-idp", operation, input, fixed: { id: idIn(id) } });
  return id;
}

const styleKey = (physicalId: string, { UserPoolId }: InPool) => ({
  UserPoolId,
  ManagedLoginBrandingId: idIn(physicalId),
});

export const managedLoginBranding: ResourceType<Branding> = {
  chooseId,
  attributes: (_call, id) => ({ ManagedLoginBrandingId: idIn(id) }),
  exists: (call, { physicalId, properties }) =>
    isFound(call, "DescribeManagedLoginBranding", styleKey(physicalId, properties)),
  make(call, { properties }, id) {
    const { ReturnMergedResources: _reading, ...input } = properties;
    return create(call, "CreateManagedLoginBranding", { input, id });
  },
  async change(call, { physicalId, properties: before }, { properties }) {
    const { UseCognitoProvidedValues, Settings, Assets } = properties;
    const key = styleKey(physicalId, properties);
    const isBare = Settings === undefined && Assets === undefined;
    const defaults = { ...key, UseCognitoProvidedValues: true };
    if (isBare && UseCognitoProvidedValues !== false) {
      await invoke(call, "UpdateManagedLoginBranding", defaults);
      return;
    }
    // The operation leaves what it is not told. Told once first, so that what is wrong takes nothing away.
    const input = { ...key, UseCognitoProvidedValues, Settings, Assets };
    await invoke(call, "UpdateManagedLoginBranding", input);
    if (keepsAll(before, properties)) return;
    await invoke(call, "UpdateManagedLoginBranding", defaults);
    await invoke(call, "UpdateManagedLoginBranding", input);
  },
  remove: (call, { physicalId, properties }) =>
    removeIfThere(call, "DeleteManagedLoginBranding", styleKey(physicalId, properties)),
};

/** Whether nothing that the style had is missing in what it is to have. */
function keepsAll(before: Branding, after: Branding): boolean {
  const places = ({ Assets = [] }: Branding) =>
    Assets.map(({ Category, ColorMode, ResourceId }) => [Category, ColorMode, ResourceId]);
  const left = places(after);
  return (
    places(before).every((place) => left.some((each) => isDeepStrictEqual(each, place))) &&
    hasAllOf(after.Settings ?? {}, before.Settings ?? {})
  );
}

/** Whether an object has the names of another, at every depth. */
function hasAllOf(value: unknown, other: unknown): boolean {
  if (!isObject(other)) return true;
  if (!isObject(value)) return false;
  return Object.entries(other).every(
    ([name, below]) => Object.hasOwn(value, name) && hasAllOf(value[name], below),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export const uiCustomizationAttachment: ResourceType<Attachment> = {
  chooseId: (_call, { properties }) => physicalIdOf(properties.UserPoolId, properties.ClientId),
  async exists(call, { properties: { UserPoolId, ClientId } }) {
    const answer = await withDomain(invoke(call, "GetUICustomization", { UserPoolId, ClientId }));
    // Where the client has no look of its own, the answer is that of all clients.
    return answer?.["UICustomization"]?.["ClientId"] === ClientId;
  },
  async make(call, { properties }, id) {
    await invoke(call, "SetUICustomization", properties);
    return id;
  },
  async change(call, _existing, { properties }) {
    await invoke(call, "SetUICustomization", properties);
  },
  async remove(call, { properties: { UserPoolId, ClientId } }) {
    // One that says nothing takes the look away.
    await withDomain(invoke(call, "SetUICustomization", { UserPoolId, ClientId }));
  },
};

/** What these operations answer, or undefined where the client is gone, or the domain that they ask for. */
async function withDomain<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    const missing = ["ResourceNotFoundException", "InvalidParameterException"];
    if (error instanceof ServiceError && missing.includes(error.code)) return undefined;
    throw error;
  }
}

const termsKey = (physicalId: string, { UserPoolId }: InPool) => ({
  UserPoolId,
  TermsId: idIn(physicalId),
});

export const terms: ResourceType<Terms> = {
  chooseId,
  attributes: (_call, id) => ({ TermsId: idIn(id) }),
  exists: (call, { physicalId, properties }) =>
    isFound(call, "DescribeTerms", termsKey(physicalId, properties)),
  make: (call, { properties }, id) => create(call, "CreateTerms", { input: properties, id }),
  async change(call, { physicalId }, { properties }) {
    const { ClientId: _stays, ...input } = properties;
    await invoke(call, "UpdateTerms", { ...input, ...termsKey(physicalId, properties) });
  },
  remove: (call, { physicalId, properties }) =>
    removeIfThere(call, "DeleteTerms", termsKey(physicalId, properties)),
};

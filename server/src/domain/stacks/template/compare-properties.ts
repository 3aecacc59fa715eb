import { isDeepStrictEqual } from "node:util";
import type { Fields, Update } from "./property-types.ts";
import { type PropertiesOf, type ResourceTypeName, resourceTypes } from "./resource-types.ts";

/** Which properties of a resource differ, by what the difference asks for. */
export interface PropertyChanges {
  /** Changed in place. */
  readonly changed: readonly string[];
  /** Only a new resource can have them. */
  readonly replacing: readonly string[];
  /** Cannot be changed, neither by CloudFormation nor by the API. */
  readonly refused: readonly string[];
}

/** Compares the properties that a resource has been given with those that it is to have. */
export function compareProperties<T extends ResourceTypeName>(
  type: T,
  before: PropertiesOf<T>,
  after: PropertiesOf<T>,
): PropertyChanges {
  const fields: Fields = resourceTypes[type].properties;
  const differing = Object.entries(fields).filter(
    ([name]) => !isDeepStrictEqual(propertyOf(before, name), propertyOf(after, name)),
  );
  const withUpdate = (update: Update | undefined) =>
    differing.filter(([, field]) => field.update === update).map(([name]) => name);
  return {
    changed: withUpdate(undefined),
    replacing: withUpdate("replacement"),
    refused: withUpdate("refused"),
  };
}

function propertyOf(properties: object, name: string): unknown {
  return Object.hasOwn(properties, name) ? Reflect.get(properties, name) : undefined;
}

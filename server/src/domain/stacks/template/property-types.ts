/** How CloudFormation types a property. The tables of resource types are made of these. */
export type PropertyType =
  | StringType
  | BooleanType
  | IntegerType
  | ListType
  | MapType
  | ObjectType
  | DocumentType;

/** `values`, where there are any, are all that CloudFormation or the API behind it takes. */
export interface StringType {
  readonly kind: "string";
  readonly values?: readonly string[];
}

export interface BooleanType {
  readonly kind: "boolean";
}

export interface IntegerType {
  readonly kind: "integer";
}

export interface ListType {
  readonly kind: "list";
  readonly items: PropertyType;
}

/** Free keys, each with a string. */
export interface MapType {
  readonly kind: "map";
}

export interface ObjectType {
  readonly kind: "object";
  readonly fields: Fields;
}

/** A mapping of which CloudFormation knows no more than that it is one ("Type: Json"). */
export interface DocumentType {
  readonly kind: "document";
}

export type Fields = Readonly<Record<string, Property>>;

export interface Property {
  readonly type: PropertyType;
  readonly required?: true;
  /** What a change of the property asks for; nothing said, it is changed in place. */
  readonly update?: Update;
}

/** "refused": neither CloudFormation nor the API can change it on a resource that exists. */
export type Update = "replacement" | "refused";

/** The plain value that a property of this type has once it is evaluated. */
export type ValueOf<T> = T extends {
  readonly kind: "string";
  readonly values: readonly (infer V)[];
}
  ? V
  : T extends StringType
    ? string
    : T extends BooleanType
      ? boolean
      : T extends IntegerType
        ? number
        : T extends { readonly kind: "list"; readonly items: infer I }
          ? ValueOf<I>[]
          : T extends MapType
            ? Record<string, string>
            : T extends { readonly kind: "object"; readonly fields: infer F }
              ? ObjectOf<F>
              : T extends DocumentType
                ? Record<string, unknown>
                : never;

type RequiredKeys<F> = { [K in keyof F]: F[K] extends { required: true } ? K : never }[keyof F];

/** The plain object that these fields make once they are evaluated. */
export type ObjectOf<F> = {
  readonly [K in RequiredKeys<F>]: F[K] extends { type: infer T } ? ValueOf<T> : never;
} & {
  readonly [K in Exclude<keyof F, RequiredKeys<F>>]?: F[K] extends { type: infer T }
    ? ValueOf<T>
    : never;
};

export const text = { type: { kind: "string" } } as const satisfies Property;
export const flag = { type: { kind: "boolean" } } as const satisfies Property;
export const integer = { type: { kind: "integer" } } as const satisfies Property;
export const jsonDocument = { type: { kind: "document" } } as const satisfies Property;
export const mapOfText = { type: { kind: "map" } } as const satisfies Property;

export function oneOf<const V extends readonly string[]>(
  ...values: V
): { readonly type: { readonly kind: "string"; readonly values: V } } {
  return { type: { kind: "string", values } };
}

export function listOf<P extends Property>(
  property: P,
): { readonly type: { readonly kind: "list"; readonly items: P["type"] } } {
  return { type: { kind: "list", items: property.type } };
}

export function object<const F extends Fields>(
  fields: F,
): { readonly type: { readonly kind: "object"; readonly fields: F } } {
  return { type: { kind: "object", fields } };
}

export function required<P extends Property>(property: P): P & { readonly required: true } {
  return { ...property, required: true };
}

export function replaces<P extends Property>(property: P): P & { readonly update: "replacement" } {
  return { ...property, update: "replacement" };
}

export function refused<P extends Property>(property: P): P & { readonly update: "refused" } {
  return { ...property, update: "refused" };
}

/** The schema of a pool: the standard attributes as its creation changed them, and its own. */
import { invalidParameter, missingRequiredParameter } from "../../errors/cognito-idp.ts";
import { present } from "../../lib/present.ts";
import type { SchemaAttribute } from "./pool.ts";
import { isStandardAttribute, standardAttributes } from "./standard-attributes.ts";

/** An attribute as a request declares it. */
export type DeclaredAttribute = {
  /** Without a prefix. */
  readonly name?: string;
  readonly type?: SchemaAttribute["type"];
  readonly mutable?: boolean;
  readonly required?: boolean;
  readonly developerOnly?: boolean;
  readonly lengths?: Limits<"minLength" | "maxLength">;
  readonly values?: Limits<"minValue" | "maxValue">;
};

type Limits<Names extends string> = { readonly [Name in Names]?: string };

/** "Quotas in Amazon Cognito". */
const maxCustomAttributes = 50;
const maxLength = 2048;
/** AWS takes numbers up to 2^1023. */
const wholeNumber = /^-?\d{1,308}$/;

/** The schema of a new pool: all standard attributes, and after them its own. */
export function makeSchema(declared: readonly DeclaredAttribute[]): SchemaAttribute[] {
  const changed = new Map<string, SchemaAttribute>();
  const own: DeclaredAttribute[] = [];
  for (const attribute of declared) {
    const standard = standardAttributes.find(({ name }) => name === attribute.name);
    if (!standard) own.push(attribute);
    else if (changed.has(standard.name)) throw duplicate(standard.name);
    else changed.set(standard.name, redeclared(standard, attribute));
  }
  const standard = standardAttributes.map((each) => changed.get(each.name) ?? each);
  return appendAttributes(standard, own.map(customAttribute));
}

/** The schema with further attributes of the pool's own; a name that it has already is refused. */
export function extendSchema(
  schema: readonly SchemaAttribute[],
  declared: readonly DeclaredAttribute[],
): SchemaAttribute[] {
  const added = declared.map((attribute) => {
    const made = customAttribute(attribute);
    if (schema.some(({ name }) => name === made.name)) {
      throw invalidParameter(
        `custom:${attribute.name}: Existing attribute already has name ${made.name}.`,
      );
    }
    return made;
  });
  return appendAttributes(schema, added);
}

function appendAttributes(
  schema: readonly SchemaAttribute[],
  added: readonly SchemaAttribute[],
): SchemaAttribute[] {
  const names = new Set<string>();
  for (const { name } of added) {
    if (names.has(name)) throw duplicate(name);
    names.add(name);
  }
  const all = [...schema, ...added];
  const custom = all.filter(({ name }) => !isStandardAttribute(name)).length;
  if (custom > maxCustomAttributes) {
    throw invalidParameter(
      `A user pool cannot have more than ${maxCustomAttributes} custom attributes.`,
    );
  }
  return all;
}

function duplicate(name: string): Error {
  return invalidParameter(
    `Duplicate custom attribute names ${name} are not allowed in a user pool schema.`,
  );
}

/** A standard attribute keeps its name and type; the rest is the pool's, but what `sub` is no pool decides. */
function redeclared(standard: SchemaAttribute, declared: DeclaredAttribute): SchemaAttribute {
  const retyped = declared.type !== undefined && declared.type !== standard.type;
  if (retyped || declared.developerOnly === true) {
    throw invalidParameter(
      `You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute ${standard.name}`,
    );
  }
  const { minLength, maxLength, minValue, maxValue, ...rest } = standard;
  const limits =
    limitsOf(standard, declared) ?? present({ minLength, maxLength, minValue, maxValue });
  const attribute: SchemaAttribute = {
    ...rest,
    mutable: declared.mutable ?? standard.mutable,
    required: declared.required ?? standard.required,
    ...limits,
  };
  if (standard.name === "sub" && JSON.stringify(attribute) !== JSON.stringify(standard)) {
    throw invalidParameter("You can not change the standard schema attribute sub");
  }
  return attribute;
}

function customAttribute(declared: DeclaredAttribute): SchemaAttribute {
  if (declared.name === undefined) throw missingRequiredParameter("Name");
  if (declared.type === undefined) {
    throw invalidParameter(
      "Invalid AttributeDataType input, consider using the provided AttributeDataType enum.",
    );
  }
  if (declared.required === true) {
    throw invalidParameter("Required custom attributes are not supported currently.");
  }
  const developerOnly = declared.developerOnly ?? false;
  const named = {
    name: `${developerOnly ? "dev:" : ""}custom:${declared.name}`,
    type: declared.type,
  };
  return {
    ...named,
    mutable: declared.mutable ?? true,
    required: false,
    developerOnly,
    ...limitsOf(named, declared),
  };
}

type Named = Pick<SchemaAttribute, "name" | "type">;

/** The limits that fit the type; AWS ignores those of another. */
function limitsOf(
  attribute: Named,
  { lengths, values }: DeclaredAttribute,
): Limits<"minLength" | "maxLength" | "minValue" | "maxValue"> | undefined {
  if (attribute.type === "String" && lengths) return checkLengths(attribute.name, lengths);
  if (attribute.type === "Number" && values) return checkValues(attribute.name, values);
  return undefined;
}

function checkLengths(name: string, lengths: Limits<"minLength" | "maxLength">) {
  const [min, max] = [lengths.minLength, lengths.maxLength].map((text) => {
    if (text !== undefined && !/^\d{1,9}$/.test(text)) {
      throw invalidParameter(`Invalid StringAttributeConstraints for schema attribute ${name}`);
    }
    return text === undefined ? undefined : Number(text);
  });
  if ((min ?? 0) > maxLength || (max ?? 0) > maxLength) {
    throw invalidParameter(
      `user.${name}: String attributes cannot have a length of more than ${maxLength}`,
    );
  }
  if (min !== undefined && max !== undefined && min > max) {
    throw invalidParameter(
      isStandardAttribute(name)
        ? `user.${name}: Max length cannot be less than min length.`
        : `Attribute ${name} cannot have a max length shorter than it's min length`,
    );
  }
  return lengths;
}

function checkValues(name: string, values: Limits<"minValue" | "maxValue">) {
  const [min, max] = [values.minValue, values.maxValue].map((text) => {
    if (text !== undefined && !wholeNumber.test(text)) {
      throw invalidParameter(`Invalid NumberAttributeConstraints for schema attribute ${name}`);
    }
    return text === undefined ? undefined : BigInt(text);
  });
  if (min !== undefined && max !== undefined && min > max) {
    throw invalidParameter(
      isStandardAttribute(name)
        ? `user.${name}: Max value cannot be less than min value.`
        : `Attribute ${name} cannot have a max value smaller than it's min value`,
    );
  }
  return values;
}

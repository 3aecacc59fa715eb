import { type Data, type Mapping, plainValue } from "./nodes.ts";
import type { Fields, PropertyType } from "./property-types.ts";

/** The plain object of checked properties, each value in its property's type: "true" is true, "60" is 60. */
export function coerceFields(fields: Fields, map: Mapping<Data>): Record<string, unknown> {
  const coerced: [string, unknown][] = [];
  for (const [key, { value }] of map.entries) {
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (field !== undefined) {
      coerced.push([key, coerce(field.type, value)]);
    }
  }
  return Object.fromEntries(coerced);
}

function coerce(type: PropertyType, data: Data): unknown {
  // In a document nobody knows better than YAML what is a number.
  if (type.kind === "document") return plainValue(data);
  switch (data.kind) {
    case "scalar":
      return coerceText(type, data.text);
    case "list":
      return data.items.map((item) =>
        type.kind === "list" ? coerce(type.items, item) : undefined,
      );
    case "map":
      return type.kind === "object"
        ? coerceFields(type.fields, data)
        : Object.fromEntries(
            [...data.entries].map(([key, { value }]) => [key, coerce({ kind: "string" }, value)]),
          );
  }
}

function coerceText(type: PropertyType, text: string): string | number | boolean {
  switch (type.kind) {
    case "boolean":
      return text === "true";
    case "integer":
      return Number(text);
    default:
      return text;
  }
}

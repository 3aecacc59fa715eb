/** Settings of managed login: a JSON document that AWS has no shape for, of which a request may bring a part. */

export type JsonObject = { readonly [name: string]: Json };
type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** Settings with others laid over them: an object is merged name by name, all else is replaced. */
export function mergeSettings(under: JsonObject, over: JsonObject): JsonObject {
  // Names are the customer's: one that is called __proto__ must be no more than a name.
  const merged = new Map(Object.entries(under));
  for (const [name, value] of Object.entries(over)) {
    const below = merged.get(name);
    merged.set(name, isObject(below) && isObject(value) ? mergeSettings(below, value) : value);
  }
  return Object.fromEntries(merged);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

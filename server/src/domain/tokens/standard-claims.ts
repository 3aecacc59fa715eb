/** Attributes as claims of the types that OpenID Connect Core §5.1 gives them; Cognito's attributes are all texts. */
type Attributes = Readonly<Record<string, string>>;

/** The two flags as booleans, as Cognito's ID tokens have them too. */
export function withFlags(attributes: Attributes): Record<string, unknown> {
  return mapped(attributes, (name, value) => (isFlag(name) ? value === "true" : value));
}

/** Every claim of the standard's type: the address is an object (§5.1.1), the time of the last change a number. */
export function asStandardClaims(attributes: Attributes): Record<string, unknown> {
  return mapped(attributes, (name, value) => {
    if (isFlag(name)) return value === "true";
    if (name === "address") return { formatted: value };
    return name === "updated_at" ? Number(value) : value;
  });
}

function isFlag(name: string): boolean {
  return name === "email_verified" || name === "phone_number_verified";
}

function mapped(
  attributes: Attributes,
  typed: (name: string, value: string) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, typed(name, value)]),
  );
}

/** What the scopes of OpenID Connect and of Cognito open (AWS, "Scopes, M2M, and resource servers"). */

/** The scope of every token that the API issues; the token operations ask for it. */
export const userAdminScope = "aws.cognito.signin.user.admin";

/** The scopes that every pool has; all others are its resource servers'. */
export const standardScopes = ["phone", "email", "openid", "profile", userAdminScope] as const;

/** OpenID Connect Core §5.4, as far as Cognito has these attributes. */
const attributesOf: Readonly<Record<string, readonly string[]>> = {
  email: ["email", "email_verified"],
  phone: ["phone_number", "phone_number_verified"],
};

const ofOwnScopes = new Set(Object.values(attributesOf).flat());

type Attributes = Readonly<Record<string, string>>;

/**
 * The attributes that scopes open. `openid` alone opens all that the client may read; beside others it opens only `sub`,
 * and `profile` opens all that have no scope of their own.
 */
export function selectByScope(attributes: Attributes, scope: string): Attributes {
  const scopes = new Set(scope.split(" "));
  const selects = ["email", "phone", "profile"].filter((name) => scopes.has(name));
  if (selects.length === 0) return scopes.has("openid") ? attributes : {};
  return Object.fromEntries(
    Object.entries(attributes).filter(([name]) => selects.some((each) => opens(each, name))),
  );
}

function opens(scope: string, attribute: string): boolean {
  if (scope === "profile") return !ofOwnScopes.has(attribute);
  return attributesOf[scope]?.includes(attribute) ?? false;
}

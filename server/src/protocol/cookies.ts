/** Cookies (RFC 6265bis). */

const headerCharacters = 16_384;
const nameForm = /^[\w!#$%&'*+.^`|~-]+$/;

/** The cookies of a request; of one name the first counts. */
export function readCookies(header: string | undefined): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of (header ?? "").slice(0, headerCharacters).split(";")) {
    const [name = "", ...rest] = pair.split("=");
    const key = name.trim();
    if (nameForm.test(key) && !cookies.has(key)) cookies.set(key, rest.join("=").trim());
  }
  return cookies;
}

/**
 * A cookie that only this host gets, over TLS, and no script: `__Host-` says that no neighbour can have set it. It comes
 * along when a page elsewhere links here, which is how apps send their users, but not with that page's own requests.
 */
export function hostCookie(
  name: `__Host-${string}`,
  value: string,
  about: { maxAgeSeconds?: number } = {},
): string {
  const age = about.maxAgeSeconds === undefined ? "" : `; Max-Age=${about.maxAgeSeconds}`;
  return `${name}=${value}; Path=/; Secure; HttpOnly; SameSite=Lax${age}`;
}

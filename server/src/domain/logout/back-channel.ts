/** The way to clients that want to be told of logouts (OpenID Connect Back-Channel Logout 1.0 §2.5). */
export type BackChannel = {
  /** Resolves once the client has said that the user is signed out there; rejects otherwise, with Unreachable for good. */
  tell(told: { readonly uri: string; readonly logoutToken: string }): Promise<void>;
};

/** Thrown where another attempt would end the same way: an address that must not be called. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

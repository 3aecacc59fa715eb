import {
  createMemoryStorage,
  createSyncMemoryStorage,
  type KeyValueStorage,
  type SyncStorage,
} from "./memory-storage.ts";

/** The two storages that Amplify writes to in a browser, and where a redirect may leave its state. */
export interface AmplifyStorages {
  /** `defaultStorage` of `aws-amplify/utils`: localStorage until now. */
  defaultStorage: KeyValueStorage;
  /** `syncSessionStorage` of `@aws-amplify/core`: sessionStorage until now. */
  syncSessionStorage: SyncStorage;
  /**
   * Give `window.sessionStorage` if the app calls `signInWithRedirect`: the PKCE verifier and the `state` value must
   * outlive the page that leaves for the sign-in page. Tokens never go there.
   */
  redirectStorage?: Pick<SyncStorage, "setItem" | "getItem" | "removeItem">;
}

/** The keys `signInWithRedirect` writes before the page is left and reads when it comes back. */
const redirectKey =
  /^CognitoIdentityServiceProvider\.[^.]+\.(?:inflightOAuth|inflightOAuthDeadline|oauthPKCE|oauthState)$/;

/**
 * Makes Amplify keep tokens, identity ids and half-finished sign-ins in this page's memory and nowhere else.
 *
 * `Amplify.configure` hands `defaultStorage` to the token provider each time it is called, and the identity id and the
 * OAuth state use that same object, so replacing what the object does covers all of them, before or after `configure`.
 */
export function keepInMemory({
  defaultStorage,
  syncSessionStorage,
  redirectStorage,
}: AmplifyStorages): void {
  const memory = createMemoryStorage();
  Object.assign(
    defaultStorage,
    redirectStorage ? withRedirectStorage(memory, redirectStorage) : memory,
  );
  Object.assign(syncSessionStorage, createSyncMemoryStorage());
}

function withRedirectStorage(
  memory: KeyValueStorage,
  redirectStorage: NonNullable<AmplifyStorages["redirectStorage"]>,
): KeyValueStorage {
  return {
    ...memory,
    setItem: async (key, value) =>
      redirectKey.test(key) ? redirectStorage.setItem(key, value) : memory.setItem(key, value),
    getItem: async (key) =>
      redirectKey.test(key) ? redirectStorage.getItem(key) : memory.getItem(key),
    removeItem: async (key) =>
      redirectKey.test(key) ? redirectStorage.removeItem(key) : memory.removeItem(key),
  };
}

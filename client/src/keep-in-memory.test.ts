import { expect, test } from "vitest";
import { keepInMemory } from "./keep-in-memory.ts";

/** A browser storage as a test can look into it. */
class WebStorage {
  readonly items = new Map<string, string>();
  setItem(key: string, value: string) {
    this.items.set(key, value);
  }
  getItem(key: string) {
    return this.items.get(key) ?? null;
  }
  removeItem(key: string) {
    this.items.delete(key);
  }
  clear() {
    this.items.clear();
  }
}

/** Amplify 6 keeps its storages as class instances over a private field, so only the methods can be replaced. */
class DefaultStorage {
  readonly #storage: WebStorage;
  constructor(storage: WebStorage) {
    this.#storage = storage;
  }
  async setItem(key: string, value: string) {
    this.#storage.setItem(key, value);
  }
  async getItem(key: string) {
    return this.#storage.getItem(key);
  }
  async removeItem(key: string) {
    this.#storage.removeItem(key);
  }
  async clear() {
    this.#storage.clear();
  }
}

function amplify() {
  const localStorage = new WebStorage();
  const sessionStorage = new WebStorage();
  return {
    localStorage,
    sessionStorage,
    storages: {
      defaultStorage: new DefaultStorage(localStorage),
      syncSessionStorage: sessionStorage,
    },
  };
}

const prefix = "CognitoIdentityServiceProvider.1h57kf5cpq17m0eml12EXAMPLE";
const redirectKeys = ["inflightOAuth", "inflightOAuthDeadline", "oauthPKCE", "oauthState"].map(
  (name) => `${prefix}.${name}`,
);
const otherKeys = [
  `${prefix}.LastAuthUser`,
  `${prefix}.ada@example.com.accessToken`,
  `${prefix}.ada@example.com.idToken`,
  `${prefix}.ada@example.com.refreshToken`,
  `${prefix}.oauthState.refreshToken`,
  `${prefix}.oauthSignIn`,
  "com.amplify.Cognito.us-east-1:aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee.identityId",
];

test("nothing that Amplify stores by default reaches localStorage", async () => {
  const { localStorage, storages } = amplify();
  keepInMemory(storages);

  for (const key of [...otherKeys, ...redirectKeys]) {
    await storages.defaultStorage.setItem(key, `value of ${key}`);
    expect(await storages.defaultStorage.getItem(key)).toBe(`value of ${key}`);
  }
  expect(localStorage.items.size).toBe(0);
});

test("a half-finished sign-in does not reach sessionStorage", () => {
  const { sessionStorage, storages } = amplify();
  keepInMemory(storages);

  storages.syncSessionStorage.setItem("CognitoSignInState.signInSession", "AYABe...");
  expect(storages.syncSessionStorage.getItem("CognitoSignInState.signInSession")).toBe("AYABe...");
  expect(sessionStorage.items.size).toBe(0);
});

test("tokens that an earlier version left in localStorage are not picked up", async () => {
  const { localStorage, storages } = amplify();
  localStorage.setItem(`${prefix}.ada@example.com.refreshToken`, "old");
  keepInMemory(storages);
  expect(
    await storages.defaultStorage.getItem(`${prefix}.ada@example.com.refreshToken`),
  ).toBeNull();
});

test("with a redirect storage, the state of a redirect survives the page and tokens do not", async () => {
  const { localStorage, storages } = amplify();
  const redirectStorage = new WebStorage();
  keepInMemory({ ...storages, redirectStorage });
  for (const key of [...otherKeys, ...redirectKeys])
    await storages.defaultStorage.setItem(key, "x");

  expect([...redirectStorage.items.keys()].sort()).toEqual([...redirectKeys].sort());
  expect(localStorage.items.size).toBe(0);

  const nextPage = amplify();
  keepInMemory({ ...nextPage.storages, redirectStorage });
  for (const key of redirectKeys)
    expect(await nextPage.storages.defaultStorage.getItem(key)).toBe("x");
  for (const key of otherKeys)
    expect(await nextPage.storages.defaultStorage.getItem(key)).toBeNull();
});

test("the state of a finished redirect is removed from the redirect storage", async () => {
  const { storages } = amplify();
  const redirectStorage = new WebStorage();
  keepInMemory({ ...storages, redirectStorage });
  for (const key of redirectKeys) await storages.defaultStorage.setItem(key, "x");
  for (const key of redirectKeys) await storages.defaultStorage.removeItem(key);
  expect(redirectStorage.items.size).toBe(0);
});

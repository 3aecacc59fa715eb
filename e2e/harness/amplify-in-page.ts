/** What harness/amplify-page.ts bundles for a page: Amplify as an app has it, as `amplify`. */
import { Amplify } from "aws-amplify";
import {
  associateWebAuthnCredential,
  confirmSignIn,
  deleteWebAuthnCredential,
  fetchUserAttributes,
  listWebAuthnCredentials,
  signIn,
  signOut,
} from "aws-amplify/auth";

const inPage = {
  Amplify,
  associateWebAuthnCredential,
  confirmSignIn,
  deleteWebAuthnCredential,
  fetchUserAttributes,
  listWebAuthnCredentials,
  signIn,
  signOut,
};
export type AmplifyInPage = typeof inPage;

Object.assign(globalThis, { amplify: inPage });

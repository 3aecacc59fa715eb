/** What harness/amplify-page.ts bundles for a page: Amplify as an app has it, as `amplify`. */
import { Amplify } from "aws-amplify";
import {
  associateWebAuthnCredential,
  confirmSignIn,
  deleteWebAuthnCredential,
  fetchAuthSession,
  fetchUserAttributes,
  listWebAuthnCredentials,
  signIn,
  signInWithRedirect,
  signOut,
} from "aws-amplify/auth";
import { Hub } from "aws-amplify/utils";

const inPage = {
  Amplify,
  associateWebAuthnCredential,
  confirmSignIn,
  deleteWebAuthnCredential,
  fetchAuthSession,
  fetchUserAttributes,
  Hub,
  listWebAuthnCredentials,
  signIn,
  signInWithRedirect,
  signOut,
};
export type AmplifyInPage = typeof inPage;

Object.assign(globalThis, { amplify: inPage });

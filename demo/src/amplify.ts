import { syncSessionStorage } from "@aws-amplify/core";
import { keepInMemory } from "@poolhouse/client";
import { Amplify } from "aws-amplify";
import { defaultStorage } from "aws-amplify/utils";
import type { DemoConfig, DemoPool } from "./config.ts";

/** The name under which Amplify knows the protected API. */
export const apiName = "demo";

/** Points Amplify at a pool of the server, with tokens in this page's memory alone. */
export function configureAmplify(config: DemoConfig, pool: DemoPool): void {
  // The verifier of a sign-in that leaves for the hosted pages has to be there when it comes back; tokens never go there.
  keepInMemory({ defaultStorage, syncSessionStorage, redirectStorage: sessionStorage });
  Amplify.configure({
    Auth: {
      Cognito: {
        userPoolId: pool.userPoolId,
        userPoolClientId: pool.userPoolClientId,
        userPoolEndpoint: config.userPoolEndpoint,
        loginWith: { ...pool.loginWith, ...(pool.oauth && { oauth: pool.oauth }) },
        passwordFormat: pool.passwordFormat,
        ...(pool.passwordless && { passwordless: pool.passwordless }),
      },
    },
    API: { REST: { [apiName]: { endpoint: config.apiEndpoint, region: config.region } } },
  });
}

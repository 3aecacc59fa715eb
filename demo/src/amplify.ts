import { syncSessionStorage } from "@aws-amplify/core";
import { keepInMemory } from "@poolhouse/client";
import { Amplify } from "aws-amplify";
import { defaultStorage } from "aws-amplify/utils";
import type { DemoConfig } from "./config.ts";

/** The name under which Amplify knows the protected API. */
export const apiName = "demo";

/** Points Amplify at the server, with tokens in this page's memory alone. */
export function configureAmplify(config: DemoConfig): void {
  keepInMemory({ defaultStorage, syncSessionStorage });
  Amplify.configure({
    Auth: {
      Cognito: {
        userPoolId: config.userPoolId,
        userPoolClientId: config.userPoolClientId,
        userPoolEndpoint: config.userPoolEndpoint,
        loginWith: config.loginWith,
        passwordFormat: config.passwordFormat,
      },
    },
    API: { REST: { [apiName]: { endpoint: config.apiEndpoint, region: config.region } } },
  });
}

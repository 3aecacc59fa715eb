/** LambdaConfig on the wire: the functions of a pool. */
import type * as Sdk from "@aws-sdk/client-cognito-identity-provider";
import { type LambdaConfig, triggerNames } from "../../domain/pools/pool.ts";
import { invalidParameter } from "../../errors/cognito-idp.ts";
import { present } from "../../lib/present.ts";

/** The functions that a request names. */
export function readLambdaConfig(given: Sdk.LambdaConfigType = {}): LambdaConfig {
  const simple = Object.fromEntries(
    triggerNames.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])),
  );
  return {
    ...simple,
    ...present({
      PreTokenGeneration: readPreTokenGeneration(given),
      CustomEmailSender: readCustomSender(given.CustomEmailSender),
      CustomSMSSender: readCustomSender(given.CustomSMSSender),
      KMSKeyID: given.KMSKeyID,
    }),
  };
}

function readCustomSender(
  given: Sdk.CustomEmailLambdaVersionConfigType | Sdk.CustomSMSLambdaVersionConfigType | undefined,
): LambdaConfig["CustomEmailSender"] {
  if (given === undefined) return undefined;
  return { arn: given.LambdaArn ?? "", version: given.LambdaVersion ?? "V1_0" };
}

/** Both members name one function; a new one without a version gets the events of the first. */
function readPreTokenGeneration(given: Sdk.LambdaConfigType): LambdaConfig["PreTokenGeneration"] {
  const { PreTokenGeneration: older, PreTokenGenerationConfig: now } = given;
  if (now === undefined) return older === undefined ? undefined : { arn: older, version: "V1_0" };
  if (older !== undefined && older !== now.LambdaArn) {
    throw invalidParameter(
      "PreTokenGeneration and PreTokenGenerationConfig must name the same function.",
    );
  }
  return { arn: now.LambdaArn ?? "", version: now.LambdaVersion ?? "V1_0" };
}

/** The functions as DescribeUserPool shows them. */
export function lambdaConfigType(config: LambdaConfig): Sdk.LambdaConfigType {
  const { PreTokenGeneration: preToken, CustomEmailSender, CustomSMSSender, KMSKeyID } = config;
  const simple: Sdk.LambdaConfigType = Object.fromEntries(
    triggerNames.flatMap((name) => (config[name] === undefined ? [] : [[name, config[name]]])),
  );
  return {
    ...simple,
    ...present({
      PreTokenGeneration: preToken?.arn,
      PreTokenGenerationConfig: versioned(preToken),
      CustomEmailSender: versioned(CustomEmailSender),
      CustomSMSSender: versioned(CustomSMSSender),
      KMSKeyID,
    }),
  };
}

function versioned<Version extends string>(
  given: { readonly arn: string; readonly version: Version } | undefined,
): { LambdaArn: string; LambdaVersion: Version } | undefined {
  return given && { LambdaArn: given.arn, LambdaVersion: given.version };
}

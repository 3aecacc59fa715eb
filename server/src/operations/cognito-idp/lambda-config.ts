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
  return { ...simple, ...present({ PreTokenGeneration: readPreTokenGeneration(given) }) };
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
  const { PreTokenGeneration: preToken } = config;
  const simple: Sdk.LambdaConfigType = Object.fromEntries(
    triggerNames.flatMap((name) => (config[name] === undefined ? [] : [[name, config[name]]])),
  );
  if (preToken === undefined) return simple;
  return {
    ...simple,
    PreTokenGeneration: preToken.arn,
    PreTokenGenerationConfig: { LambdaArn: preToken.arn, LambdaVersion: preToken.version },
  };
}

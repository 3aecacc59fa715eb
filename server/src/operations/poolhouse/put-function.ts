import { putFunction, type WantedFunction } from "../../domain/functions/function.ts";
import { invalidFunction } from "../../errors/functions.ts";
import { required } from "../../protocol/checks.ts";
import {
  EndpointType,
  EnvironmentType,
  FunctionNameType,
  FunctionSecretType,
  HandlerType,
  LambdaArnType,
  ModuleType,
  toWireFunction,
  type WireEnvironment,
  type WireFunction,
} from "./function-shapes.ts";
import type { PoolhouseOperation } from "./operation.ts";

export type PutFunctionInput = {
  FunctionName: string;
  /** This, an Endpoint or a LambdaArn. */
  Module?: string;
  Handler?: string;
  Environment?: WireEnvironment;
  Endpoint?: string;
  /** An endpoint's; when absent it keeps the one that it has, or gets one. */
  Secret?: string;
  LambdaArn?: string;
};

/** `Secret` is there when it was made by this call, and never shown again. */
export type PutFunctionOutput = { Function: WireFunction; Secret?: string };

/** Makes a function or replaces what its name stands for; who may call it stays. */
export const PutFunction: PoolhouseOperation<PutFunctionInput, PutFunctionOutput> = {
  caller: "iam",
  input: {
    FunctionName: required(FunctionNameType),
    Module: ModuleType,
    Handler: HandlerType,
    Environment: EnvironmentType,
    Endpoint: EndpointType,
    Secret: FunctionSecretType,
    LambdaArn: LambdaArnType,
  },
  async handle(call, input) {
    const { stored, madeSecret } = await putFunction(call, wantedFunction(input));
    return {
      Function: toWireFunction(stored, call.settings.accountId),
      ...(madeSecret === undefined ? {} : { Secret: madeSecret }),
    };
  },
};

function wantedFunction(input: PutFunctionInput): WantedFunction {
  const { FunctionName: name, Module, Endpoint, LambdaArn } = input;
  const given = [Module, Endpoint, LambdaArn].filter((target) => target !== undefined);
  if (given.length !== 1) {
    throw invalidFunction("A function has one of Module, Endpoint and LambdaArn.");
  }
  if (Module !== undefined) return { name, kind: "local", target: Module, ...moduleParts(input) };
  if (input.Handler !== undefined || input.Environment !== undefined) {
    throw invalidFunction("Handler and Environment are for a Module.");
  }
  const bare = { name, handler: "", environment: {} };
  if (LambdaArn !== undefined) {
    refuseSecret(input);
    return { ...bare, kind: "lambda", target: LambdaArn };
  }
  const secret = input.Secret === undefined ? {} : { secret: input.Secret };
  return { ...bare, kind: "https", target: checkedEndpoint(Endpoint ?? ""), ...secret };
}

function refuseSecret({ Secret }: PutFunctionInput): void {
  if (Secret !== undefined) throw invalidFunction("Secret is for an Endpoint.");
}

/** Lambda's limit. */
const maxEnvironmentBytes = 4096;

function moduleParts(input: PutFunctionInput) {
  refuseSecret(input);
  const environment = { ...input.Environment?.Variables };
  if (Buffer.byteLength(JSON.stringify(environment)) > maxEnvironmentBytes) {
    throw invalidFunction(
      "Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit.",
    );
  }
  return { handler: input.Handler ?? "handler", environment };
}

/** Where it may lead is decided when it is called: only then is it known where its name points. */
function checkedEndpoint(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isHttp = url?.protocol === "https:" || url?.protocol === "http:";
  if (!url || !isHttp || url.username !== "" || url.password !== "" || url.hash !== "") {
    throw invalidFunction("An Endpoint is a URL such as https://hooks.example.com/pre-sign-up.");
  }
  return url.href;
}

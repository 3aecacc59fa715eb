/** Functions of pools for tests: each has the ARN of its trigger and handles events as AWS's functions do. */
import { type LambdaConfig, type TriggerName, triggerNames } from "../domain/pools/pool.ts";
import type { TestApp } from "./app.ts";
import { keyArn } from "./kms.ts";

export type TriggerEvent = {
  readonly version: string;
  readonly userName: string;
  readonly triggerSource: string;
  readonly callerContext: { readonly clientId: string };
  readonly request: Record<string, unknown>;
  response: Record<string, unknown>;
};

/** Changes the event and gives nothing, or gives what shall be answered instead; what it throws is its refusal. */
export type Handler = (event: TriggerEvent) => unknown;

const arnOf = (name: string) => `arn:aws:lambda:us-east-1:123456789012:function:${name}`;

/** The setting of a pool that has these triggers. */
export function triggersOf(...names: (TriggerName | "PreTokenGeneration")[]): LambdaConfig {
  const simple = triggerNames.filter((name) => names.includes(name));
  return {
    ...Object.fromEntries(simple.map((name) => [name, arnOf(name)])),
    ...(names.includes("PreTokenGeneration")
      ? { PreTokenGeneration: { arn: arnOf("PreTokenGeneration"), version: "V1_0" as const } }
      : {}),
  };
}

/** The setting of a pool whose functions send its messages. */
export const senderConfig: LambdaConfig = {
  CustomEmailSender: { arn: arnOf("CustomEmailSender"), version: "V1_0" },
  CustomSMSSender: { arn: arnOf("CustomSMSSender"), version: "V1_0" },
  KMSKeyID: keyArn,
};

/** Puts handlers behind the triggers of all pools of this server; gives the events, in turn. */
export function handleTriggers(app: TestApp, handlers: Record<string, Handler>): TriggerEvent[] {
  const events: TriggerEvent[] = [];
  app.functions.answer = ({ arn, event }) => {
    const handler = handlers[arn.slice(arn.lastIndexOf(":") + 1)];
    if (!handler) return { kind: "missing", message: `no function ${arn}` };
    const received = JSON.parse(JSON.stringify(event)) as TriggerEvent;
    events.push(structuredClone(received));
    try {
      return { kind: "returned", payload: handler(received) ?? received };
    } catch (error) {
      return { kind: "refused", message: (error as Error).message };
    }
  };
  return events;
}

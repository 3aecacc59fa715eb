import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  type EvaluatedResource,
  evaluateOutputs,
  evaluateResource,
  planTemplate,
} from "./evaluate.ts";
import { parseTemplate } from "./parse.ts";

const path = new URL("../../../../../demo/stack.yaml", import.meta.url);
const text = readFileSync(path, "utf8");
const stack = { region: "us-east-1", accountId: "123456789012", stackName: "demo", stackId: "arn" };
const plan = planTemplate(parseTemplate(text), { stack, parameters: new Map() });

describe("the demo's stack", () => {
  const made = new Map<string, EvaluatedResource>();
  for (const logicalId of plan.order) {
    const resource = evaluateResource(plan, logicalId, (name) =>
      made.has(name) ? `id-of-${name}` : undefined,
    );
    made.set(logicalId, resource);
  }

  it("can be made in its order, nothing before what it needs", () => {
    expect([...made.values()].map(({ type }) => type.replace("AWS::Cognito::", ""))).toEqual([
      "UserPool",
      "UserPoolClient",
      "UserPoolClient",
      "UserPoolResourceServer",
      "UserPoolClient",
      "UserPoolDomain",
      "UserPoolGroup",
      "UserPoolGroup",
      "UserPoolUser",
      "UserPoolUser",
      "UserPoolUserToGroupAttachment",
      "UserPoolUserToGroupAttachment",
      "UserPool",
      "UserPoolClient",
      "UserPoolUser",
    ]);
  });

  it("has fixed ids of AWS's form", () => {
    const ids = [...made.values()].flatMap(({ poolhouse }) => poolhouse.id ?? []);
    expect(ids).toEqual([
      "us-east-1_Poolhouse",
      "poolhousedemoweb0000000001",
      "poolhousedemoserver0000001",
      "poolhousedemomachine000001",
      "us-east-1_PoolhouseStrict",
      "poolhousedemostrict0000001",
    ]);
    const clientIds = ids.filter((id) => !id.includes("_"));
    expect(clientIds.every((id) => /^[a-z0-9]{26}$/.test(id))).toBe(true);
  });

  it("has clients without a secret for apps, and with one for servers and programs", () => {
    const clients = [...made.values()].filter(
      ({ type }) => type === "AWS::Cognito::UserPoolClient",
    );
    expect(clients.map(({ properties }) => properties)).toMatchObject([
      {
        GenerateSecret: false,
        ExplicitAuthFlows: ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
      },
      {
        GenerateSecret: true,
        ExplicitAuthFlows: ["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
      },
      { GenerateSecret: true, AllowedOAuthFlows: ["client_credentials"] },
      {
        GenerateSecret: false,
        ExplicitAuthFlows: ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
      },
    ]);
  });

  it("names its ids in its outputs", () => {
    const outputs = evaluateOutputs(plan, (name) => `id-of-${name}`);
    expect(outputs.map(({ name, value }) => [name, value])).toEqual([
      ["UserPoolId", "id-of-UserPool"],
      ["WebClientId", "id-of-WebClient"],
      ["ServerClientId", "id-of-ServerClient"],
      ["MachineClientId", "id-of-MachineClient"],
      ["StrictUserPoolId", "id-of-StrictUserPool"],
      ["StrictWebClientId", "id-of-StrictWebClient"],
    ]);
  });

  it("holds no password", () => {
    expect(text).not.toMatch(/(?:Temporary)?Password: /);
  });
});

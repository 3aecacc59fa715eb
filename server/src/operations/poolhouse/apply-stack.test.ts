import { readFileSync } from "node:fs";
import {
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  DeleteUserPoolCommand,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  GetUserPoolMfaConfigCommand,
  GetUserPoolSessionConfigurationCommand,
  ListGroupsCommand,
  ListUserPoolsCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestApp, testApp } from "../../testing/app.ts";
import { signedCall } from "../../testing/signed-call.ts";
import type { ApplyStackInput, ApplyStackOutput } from "./apply-stack.ts";
import type { DescribeStackOutput } from "./describe-stack.ts";

const demo = readFileSync(new URL("../../../../demo/stack.yaml", import.meta.url), "utf8");

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

function callPoolhouse<Output>(
  operation: "ApplyStack" | "DescribeStack" | "GetUserPoolExtensions",
  input: object,
): Promise<Output> {
  return signedCall<Output>(app, { target: `PoolhouseService.${operation}`, input });
}

type Asked = Partial<ApplyStackInput> & { TemplateBody: string };

function apply(asked: Asked): Promise<ApplyStackOutput> {
  return callPoolhouse("ApplyStack", { StackName: "demo", ...asked });
}

const actionsOf = ({ Changes }: ApplyStackOutput) =>
  Object.fromEntries(Changes.map(({ LogicalId, Action }) => [LogicalId, Action]));

const UserPoolId = "us-east-1_Poolhouse";

const small = (properties = "", more = "") => `
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolName: small
      ${properties}
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties:
      UserPoolId: !Ref Pool
${more}
Outputs:
  PoolId: { Value: !Ref Pool }
  Provider: { Value: !GetAtt Pool.ProviderName }
`;

describe("the demo's stack", () => {
  test("is made with its fixed ids, by the operations that CloudFormation calls", async () => {
    const made = await apply({ TemplateBody: demo });
    expect(new Set(Object.values(actionsOf(made)))).toEqual(new Set(["make"]));
    expect(made.Outputs).toContainEqual({ OutputKey: "UserPoolId", OutputValue: UserPoolId });
    const { UserPool } = await app.client.send(new DescribeUserPoolCommand({ UserPoolId }));
    expect(UserPool?.Name).toBe("poolhouse-demo");
    const { UserPoolClient } = await app.client.send(
      new DescribeUserPoolClientCommand({ UserPoolId, ClientId: "poolhousedemoserver0000001" }),
    );
    expect(UserPoolClient?.ClientSecret).toHaveLength(51);
    const { Groups } = await app.client.send(
      new AdminListGroupsForUserCommand({ UserPoolId, Username: "admin@example.com" }),
    );
    expect(Groups?.map((group) => group.GroupName)).toEqual(["Admin"]);
    const names = (await app.auditEvents()).map((event) => event.eventName);
    expect(names).toContain("CreateUserPool");
    expect(names).toContain("ApplyStack");
    expect(JSON.stringify(made)).not.toContain(UserPoolClient?.ClientSecret);
  });

  test("changes nothing when it is applied again", async () => {
    await apply({ TemplateBody: demo });
    const before = (await app.auditEvents()).length;
    const again = await apply({ TemplateBody: demo });
    expect(new Set(Object.values(actionsOf(again)))).toEqual(new Set(["none"]));
    expect(again.Outputs).toHaveLength(6);
    const rows = (await app.auditEvents()).slice(before).map((event) => event.eventName);
    expect(rows).toEqual(["ApplyStack"]);
  });

  test("a dry run tells all and changes nothing", async () => {
    const told = await apply({ TemplateBody: demo, DryRun: true });
    expect(told.Changes).toHaveLength(15);
    const { UserPools } = await app.client.send(new ListUserPoolsCommand({ MaxResults: 10 }));
    expect(UserPools).toEqual([]);
  });

  test("what was deleted behind its back is made again", async () => {
    await apply({ TemplateBody: demo });
    await app.client.send(new AdminDeleteUserCommand({ UserPoolId, Username: "user@example.com" }));
    const again = await apply({ TemplateBody: demo });
    expect(Object.entries(actionsOf(again)).filter(([, action]) => action !== "none")).toEqual([
      ["User", "make"],
      ["UserInUserGroup", "make"],
    ]);
    await expect(
      app.client.send(new AdminGetUserCommand({ UserPoolId, Username: "user@example.com" })),
    ).resolves.toBeDefined();
  });
});

async function groupNames({ Outputs }: ApplyStackOutput): Promise<(string | undefined)[]> {
  const id = Outputs.find(({ OutputKey }) => OutputKey === "PoolId")?.OutputValue;
  const { Groups } = await app.client.send(new ListGroupsCommand({ UserPoolId: id }));
  return (Groups ?? []).map((group) => group.GroupName);
}

describe("changes", () => {
  test("properties change in place; omitted ones go back to their default", async () => {
    await apply({ TemplateBody: small("Policies: { PasswordPolicy: { MinimumLength: 12 } }") });
    const changed = await apply({ TemplateBody: small("MfaConfiguration: 'OFF'") });
    expect(changed.Changes[0]).toMatchObject({
      Action: "change",
      Properties: ["MfaConfiguration", "Policies"],
    });
    const id = changed.Outputs.find((each) => each.OutputKey === "PoolId")?.OutputValue;
    const { UserPool } = await app.client.send(new DescribeUserPoolCommand({ UserPoolId: id }));
    expect(UserPool?.Policies?.PasswordPolicy?.MinimumLength).toBe(8);
    expect(changed.Outputs).toContainEqual({
      OutputKey: "Provider",
      OutputValue: `cognito-idp.us-east-1.amazonaws.com/${id}`,
    });
  });

  test("Metadata.Poolhouse says whether sessions are tracked, and leaves it where it does not", async () => {
    const says = (tracking: string) =>
      small().replace("    Properties:", `${tracking}    Properties:`);
    const saying = (value: string) =>
      says(`    Metadata: { Poolhouse: { UserSessionTracking: ${value} } }\n`);
    const made = await apply({ TemplateBody: saying("ENABLED") });
    const id = made.Outputs.find((each) => each.OutputKey === "PoolId")?.OutputValue;
    const tracking = async () => {
      const command = new GetUserPoolSessionConfigurationCommand({ UserPoolId: id });
      return (await app.client.send(command)).UserSessionTracking;
    };
    expect(await tracking()).toBe("ENABLED");
    await apply({ TemplateBody: small() });
    expect(await tracking()).toBe("ENABLED");
    await apply({ TemplateBody: saying("DISABLED") });
    expect(await tracking()).toBe("DISABLED");
    await expect(apply({ TemplateBody: saying("SOMETIMES") })).rejects.toThrow(
      /line \d+.*SOMETIMES|line \d+.*userSessionTracking/,
    );
  });

  test("Metadata.Poolhouse reaches the extensions, at creation and later", async () => {
    const hardened = demo.replace(/^( +)Id: !Sub .*_Poolhouse"$/m, "$&\n$1Profile: hardened");
    expect(hardened).not.toBe(demo);
    await apply({ TemplateBody: hardened });
    const read = () => callPoolhouse("GetUserPoolExtensions", { UserPoolId });
    expect(await read()).toMatchObject({ Extensions: { Profile: "hardened" } });
    await apply({ TemplateBody: hardened.replace("Profile: hardened", "Profile: compat") });
    expect(await read()).toMatchObject({ Extensions: { Profile: "compat" } });
  });

  test("what only a new resource can have is refused with its line until replacement is allowed", async () => {
    const group = (name: string) => `
  Group:
    Type: AWS::Cognito::UserPoolGroup
    Properties: { UserPoolId: !Ref Pool, GroupName: ${name} }
`;
    await apply({ TemplateBody: small("", group("One")) });
    await expect(apply({ TemplateBody: small("", group("Two")) })).rejects.toThrow(
      /^line \d+, column \d+: Resources\.Group: GroupName can only be had by a new resource/,
    );
    const replaced = await apply({
      TemplateBody: small("", group("Two")),
      AllowReplacement: true,
    });
    expect(actionsOf(replaced)["Group"]).toBe("replace");
    expect(await groupNames(replaced)).toEqual(["Two"]);
  });

  test("UpdateReplacePolicy keeps the resource that is replaced, outside of the stack", async () => {
    const group = (name: string) => `
  Group:
    Type: AWS::Cognito::UserPoolGroup
    UpdateReplacePolicy: Retain
    Properties: { UserPoolId: !Ref Pool, GroupName: ${name} }
`;
    await apply({ TemplateBody: small("", group("One")) });
    const two = { TemplateBody: small("", group("Two")) };
    const refused = apply(two);
    await expect(refused).rejects.toThrow("GroupName can only be had by a new resource. Allow");
    const replaced = await apply({ ...two, AllowReplacement: true });
    expect(replaced.Changes.at(-1)).toMatchObject({
      Action: "replace",
      Note: "its UpdateReplacePolicy keeps the old one",
    });
    expect(await groupNames(replaced)).toEqual(["One", "Two"]);
  });

  test("what cannot be changed at all is refused with its line", async () => {
    await apply({ TemplateBody: small("UsernameAttributes: [email]") });
    await expect(
      apply({ TemplateBody: small("UsernameAttributes: [phone_number]"), AllowReplacement: true }),
    ).rejects.toThrow(/^line \d+.*cannot be changed once it is made: UsernameAttributes/);
  });

  test("nothing is deleted unless that is allowed, and DeletionPolicy keeps what it names", async () => {
    const more = `
  Extra:
    Type: AWS::Cognito::UserPoolGroup
    Properties: { UserPoolId: !Ref Pool, GroupName: Extra }
  Kept:
    Type: AWS::Cognito::UserPoolGroup
    DeletionPolicy: Retain
    Properties: { UserPoolId: !Ref Pool, GroupName: Kept }
`;
    await apply({ TemplateBody: small("", more) });
    const kept = await apply({ TemplateBody: small() });
    expect(actionsOf(kept)).toMatchObject({ Extra: "keep", Kept: "keep" });
    const removed = await apply({ TemplateBody: small(), AllowDeletion: true });
    expect(actionsOf(removed)).toEqual({ Pool: "none", Client: "none", Extra: "remove" });
    expect(actionsOf(await apply({ TemplateBody: small() }))).toEqual({
      Pool: "none",
      Client: "none",
    });
  });
});

describe("second factors", () => {
  const idOf = ({ Outputs }: ApplyStackOutput) =>
    Outputs.find((each) => each.OutputKey === "PoolId")?.OutputValue;

  async function mfaOf(applied: ApplyStackOutput) {
    const { $metadata, ...told } = await app.client.send(
      new GetUserPoolMfaConfigCommand({ UserPoolId: idOf(applied) }),
    );
    expect($metadata.httpStatusCode).toBe(200);
    return told;
  }

  async function poolOf(applied: ApplyStackOutput) {
    const command = new DescribeUserPoolCommand({ UserPoolId: idOf(applied) });
    return (await app.client.send(command)).UserPool;
  }

  const applyWith = (properties: string) => apply({ TemplateBody: small(properties) });
  const sender =
    "EmailConfiguration: { EmailSendingAccount: DEVELOPER, SourceArn: 'arn:aws:ses:us-east-1:123456789012:identity/example.com' }";
  const lines = (...properties: string[]) => properties.join("\n      ");

  test("are those of EnabledMfas", async () => {
    const made = await applyWith(
      lines(
        "MfaConfiguration: OPTIONAL",
        "EnabledMfas: [SOFTWARE_TOKEN_MFA, SMS_MFA, EMAIL_OTP]",
        "SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms' }",
        "EmailAuthenticationSubject: Code",
        "EmailAuthenticationMessage: 'Your code is {####}'",
        "WebAuthnRelyingPartyID: example.com",
        "WebAuthnUserVerification: required",
        "WebAuthnFactorConfiguration: MULTI_FACTOR_WITH_USER_VERIFICATION",
        sender,
      ),
    );
    const SmsConfiguration = { SnsCallerArn: "arn:aws:iam::123456789012:role/sms" };
    expect(await mfaOf(made)).toEqual({
      MfaConfiguration: "OPTIONAL",
      SmsMfaConfiguration: { SmsConfiguration },
      SoftwareTokenMfaConfiguration: { Enabled: true },
      EmailMfaConfiguration: { Subject: "Code", Message: "Your code is {####}" },
      WebAuthnConfiguration: {
        RelyingPartyId: "example.com",
        UserVerification: "required",
        FactorConfiguration: "MULTI_FACTOR_WITH_USER_VERIFICATION",
      },
    });
  });

  test("come, change and go with the template, and nothing else does", async () => {
    await applyWith("DeletionProtection: ACTIVE");
    const totp = lines(
      "MfaConfiguration: 'ON'",
      "EnabledMfas: [SOFTWARE_TOKEN_MFA]",
      "DeletionProtection: ACTIVE",
    );
    const on = await applyWith(totp);
    expect(actionsOf(on)).toMatchObject({ Pool: "change" });
    expect(await mfaOf(on)).toEqual({
      MfaConfiguration: "ON",
      SoftwareTokenMfaConfiguration: { Enabled: true },
    });
    expect(actionsOf(await applyWith(totp))).toMatchObject({ Pool: "none" });
    const longer = await applyWith(
      lines(totp, "Policies: { PasswordPolicy: { MinimumLength: 12 } }"),
    );
    expect(await mfaOf(longer)).toMatchObject({ MfaConfiguration: "ON" });
    const off = await applyWith("DeletionProtection: ACTIVE");
    expect(await mfaOf(off)).toEqual({ MfaConfiguration: "OFF" });
    expect(await poolOf(off)).toMatchObject({
      DeletionProtection: "ACTIVE",
      MfaConfiguration: "OFF",
    });
  });

  const email = lines("MfaConfiguration: 'ON'", "EnabledMfas: [EMAIL_OTP]", sender);
  const appOnly = lines("MfaConfiguration: 'ON'", "EnabledMfas: [SOFTWARE_TOKEN_MFA]");
  const codesFirst = lines(
    "MfaConfiguration: OPTIONAL",
    "EnabledMfas: [SOFTWARE_TOKEN_MFA]",
    "Policies: { SignInPolicy: { AllowedFirstAuthFactors: [PASSWORD, EMAIL_OTP] } }",
  );
  test.each([
    ["to e-mail, with its sender and tier", lines(appOnly, "UserPoolTier: LITE"), email],
    ["from e-mail, with its sender and tier", email, lines(appOnly, "UserPoolTier: LITE")],
    ["to required, from codes as first factors", codesFirst, appOnly],
    ["from required, to codes as first factors", appOnly, codesFirst],
  ])("change together with what they go with: %s", async (_how, before, after) => {
    await applyWith(before);
    const changed = await applyWith(after);
    expect(await mfaOf(changed)).toMatchObject({
      MfaConfiguration: after === codesFirst ? "OPTIONAL" : "ON",
      SoftwareTokenMfaConfiguration: { Enabled: after !== email },
    });
    expect(actionsOf(await applyWith(after))).toMatchObject({ Pool: "none" });
  });

  test("are never off while one takes the place of another", async () => {
    const made = await applyWith(lines(appOnly, "UserPoolTier: LITE"));
    const before = (await app.auditEvents()).length;
    await applyWith(email);
    const tried = (await app.auditEvents())
      .slice(before)
      .filter(({ eventName }) => /MfaConfig|UpdateUserPool$/.test(eventName))
      .map(({ eventName, requestParameters }) => [
        eventName,
        requestParameters["mfaConfiguration"],
      ]);
    expect(tried).toEqual([
      ["SetUserPoolMfaConfig", "ON"],
      ["UpdateUserPool", "ON"],
      ["SetUserPoolMfaConfig", "ON"],
    ]);
    expect(await mfaOf(made)).toMatchObject({ MfaConfiguration: "ON", EmailMfaConfiguration: {} });
  });

  test("that contradict the rest are refused by the resource's line, and come with the next apply", async () => {
    const wrong = lines("MfaConfiguration: 'ON'", "EnabledMfas: [EMAIL_OTP]");
    await expect(applyWith(wrong)).rejects.toThrow(
      /^line \d+, column \d+: Resources\.Pool: Email MFA requires/,
    );
    await expect(applyWith(wrong)).rejects.toThrow("Email MFA requires");
    expect(await mfaOf(await applyWith(email))).toMatchObject({
      MfaConfiguration: "ON",
      EmailMfaConfiguration: {},
    });
    await expect(applyWith(wrong)).rejects.toThrow("Email MFA requires");
    const told = await callPoolhouse<DescribeStackOutput>("DescribeStack", { StackName: "demo" });
    expect(told.StackStatus).toBe("FAILED");
    const again = await applyWith(appOnly);
    expect(await mfaOf(again)).toMatchObject({ SoftwareTokenMfaConfiguration: { Enabled: true } });
  });
});

describe("refusals", () => {
  test("unknown types and properties have their line and change nothing", async () => {
    const wrong = small("UserPolName: x", "  Bucket: { Type: AWS::S3::Bucket }");
    const refused = apply({ TemplateBody: wrong });
    await expect(refused).rejects.toThrow(
      /^line 7, column 7: Resources\.Pool\.Properties\.UserPolName: Unknown property/,
    );
    await expect(refused).rejects.toThrow(/AWS::S3::Bucket/);
    const { UserPools } = await app.client.send(new ListUserPoolsCommand({ MaxResults: 10 }));
    expect(UserPools).toEqual([]);
  });

  test("a setting that is not built yet is refused by name, with the resource's line", async () => {
    await expect(
      apply({ TemplateBody: small("IssuerConfiguration: { Type: UPDATED }") }),
    ).rejects.toThrow(
      /^line \d+, column \d+: Resources\.Pool: IssuerConfiguration\.Type cannot be set/,
    );
    const told = await callPoolhouse<DescribeStackOutput>("DescribeStack", {
      StackName: "demo",
    });
    expect(told.StackStatus).toBe("FAILED");
    const made = await apply({ TemplateBody: small() });
    expect(actionsOf(made)).toEqual({ Pool: "make", Client: "make" });
  });

  test("an unknown stack is told by name", async () => {
    await expect(callPoolhouse("DescribeStack", { StackName: "none" })).rejects.toThrow(
      "Stack with id none does not exist",
    );
  });

  test("of two at once, the second is told to wait", async () => {
    const outcomes = await Promise.allSettled([
      apply({ TemplateBody: demo }),
      apply({ TemplateBody: demo }),
    ]);
    const refused = outcomes.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
    for (const reason of refused) expect(String(reason)).toMatch(/being changed by somebody else/);
    expect(outcomes.some((each) => each.status === "fulfilled")).toBe(true);
    const { UserPools } = await app.client.send(new ListUserPoolsCommand({ MaxResults: 10 }));
    expect(UserPools).toHaveLength(2);
  });
});

test("goes on where it was stopped: what was made and not noted is found by its id", async () => {
  await apply({ TemplateBody: demo });
  await app.context.store.db
    .updateTable("stack_resources")
    .set({ state: "making" })
    .where("logical_id", "in", ["UserPool", "WebClient", "AdminGroup", "AdminUser"])
    .execute();
  const again = await apply({ TemplateBody: demo });
  expect(actionsOf(again)).toMatchObject({ UserPool: "make", AdminUser: "make", User: "none" });
  expect(new Set(Object.values(actionsOf(await apply({ TemplateBody: demo }))))).toEqual(
    new Set(["none"]),
  );
});

test("a deleted pool takes its stack along: all is made again, under a new id", async () => {
  const first = await apply({ TemplateBody: small() });
  const id = first.Outputs[0]?.OutputValue;
  await app.client.send(new DeleteUserPoolCommand({ UserPoolId: id }));
  const second = await apply({ TemplateBody: small() });
  expect(actionsOf(second)).toEqual({ Pool: "make", Client: "make" });
  expect(second.Outputs[0]?.OutputValue).not.toBe(id);
});

/** Brandings and terms as resources of a stack. */
import {
  DeleteManagedLoginBrandingCommand,
  DeleteTermsCommand,
  DescribeManagedLoginBrandingByClientCommand,
  GetUICustomizationCommand,
  ListTermsCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestApp, testApp } from "../../testing/app.ts";
import { png, svg } from "../../testing/images.ts";
import { signedCall } from "../../testing/signed-call.ts";
import type { ApplyStackInput, ApplyStackOutput } from "./apply-stack.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

function apply(TemplateBody: string, asked: Partial<ApplyStackInput> = {}) {
  const input = { StackName: "shop", TemplateBody, ...asked };
  return signedCall<ApplyStackOutput>(app, { target: "PoolhouseService.ApplyStack", input });
}

const actionsOf = ({ Changes }: ApplyStackOutput) =>
  Object.fromEntries(Changes.map(({ LogicalId, Action }) => [LogicalId, Action]));
const outputOf = ({ Outputs }: ApplyStackOutput, key: string) =>
  Outputs.find(({ OutputKey }) => OutputKey === key)?.OutputValue ?? expect.fail(`no ${key}`);

const ofClient = "UserPoolId: !Ref Pool, ClientId: !Ref Client";
const settings = `{ components: { form: { borderRadius: 12.5, lightMode: { backgroundColor: 00000000 } }, name: !Ref AWS::StackName } }`;
const asset = (bytes = png, extension = "PNG", mode = "LIGHT") =>
  `{ Category: FORM_LOGO, ColorMode: ${mode}, Extension: ${extension}, Bytes: ${bytes.toString("base64")} }`;
const style = (properties: string) => `
  Style:
    Type: AWS::Cognito::ManagedLoginBranding
    Properties: { ${ofClient}, ${properties} }`;
const classic = (css = ".banner-customizable { color: red }") => `
  Classic:
    Type: AWS::Cognito::UserPoolUICustomizationAttachment
    DependsOn: Domain
    Properties: { ${ofClient}, CSS: "${css}" }`;
const domain = `
  Domain:
    Type: AWS::Cognito::UserPoolDomain
    Properties: { UserPoolId: !Ref Pool, Domain: shop }`;
const terms = (url = "https://shop.example/terms") => `
  Terms:
    Type: AWS::Cognito::Terms
    Properties: { ${ofClient}, TermsName: terms-of-use, TermsSource: LINK, Enforcement: NONE, Links: { "cognito:default": "${url}" } }`;
/** What belongs to the client stands before it, so that the order is not the template's. */
const stack = (resources: string, outputs = "") => `
Resources:${resources}
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties: { UserPoolId: !Ref Pool }
  Pool:
    Type: AWS::Cognito::UserPool
    Properties: { UserPoolName: shop }
Outputs:
  PoolId: { Value: !Ref Pool }
  ClientId: { Value: !Ref Client }${outputs}
`;

async function styleOf(applied: ApplyStackOutput) {
  const command = new DescribeManagedLoginBrandingByClientCommand({
    UserPoolId: outputOf(applied, "PoolId"),
    ClientId: outputOf(applied, "ClientId"),
  });
  const { ManagedLoginBranding } = await app.client.send(command);
  return ManagedLoginBranding ?? expect.fail("no style");
}

async function classicOf(applied: ApplyStackOutput) {
  const command = new GetUICustomizationCommand({
    UserPoolId: outputOf(applied, "PoolId"),
    ClientId: outputOf(applied, "ClientId"),
  });
  return (await app.client.send(command)).UICustomization;
}

async function termsOf(applied: ApplyStackOutput) {
  const UserPoolId = outputOf(applied, "PoolId");
  return (await app.client.send(new ListTermsCommand({ UserPoolId }))).Terms ?? [];
}

test("a style has its settings with the types that YAML gives them, and references in it", async () => {
  const quoted = settings.replace("00000000", "'00000000'");
  const outputs = "\n  StyleId: { Value: !GetAtt Style.ManagedLoginBrandingId }";
  const template = stack(style(`Settings: ${quoted}, Assets: [${asset()}]`), outputs);
  const applied = await apply(template);
  const made = await styleOf(applied);
  expect(made.ManagedLoginBrandingId).toBe(outputOf(applied, "StyleId"));
  expect(made.Settings).toEqual({
    components: {
      form: { borderRadius: 12.5, lightMode: { backgroundColor: "00000000" } },
      name: "shop",
    },
  });
  expect(made.Assets).toHaveLength(1);
  expect(actionsOf(await apply(template))).toEqual({ Pool: "none", Client: "none", Style: "none" });
});

test("a style becomes what the template says, less of it too", async () => {
  const first = await apply(
    stack(
      style(`Settings: { a: 1, b: { c: x } }, Assets: [${asset()}, ${asset(png, "PNG", "DARK")}]`),
    ),
  );
  const made = await styleOf(first);
  const second = await apply(stack(style(`Settings: { a: 2 }, Assets: [${asset(svg, "SVG")}]`)));
  expect(actionsOf(second)).toEqual({ Pool: "none", Client: "none", Style: "change" });
  const changed = await styleOf(second);
  expect(changed.ManagedLoginBrandingId).toBe(made.ManagedLoginBrandingId);
  expect(changed.Settings).toEqual({ a: 2 });
  expect(changed.Assets?.map(({ Extension }) => Extension)).toEqual(["SVG"]);
  const third = await styleOf(await apply(stack(style("UseCognitoProvidedValues: true"))));
  expect(third).toMatchObject({ UseCognitoProvidedValues: true, Assets: [] });
  expect(third).not.toHaveProperty("Settings");
});

test("what is wrong in a style takes nothing of it away", async () => {
  const good = stack(style(`Settings: { a: 1 }, Assets: [${asset()}]`));
  const applied = await apply(good);
  const wrong = stack(style(`Settings: { b: 1 }, Assets: [${asset(svg, "PNG")}]`));
  await expect(apply(wrong)).rejects.toMatchObject({
    message: expect.stringMatching(/Resources\.Style: .*not of the type PNG/),
  });
  expect(await styleOf(applied)).toMatchObject({
    Settings: { a: 1 },
    Assets: [{ Extension: "PNG" }],
  });
});

test.each([
  ["Settings: text", "Expected a mapping"],
  ["Settings: [a]", "Expected a mapping"],
  ["Settings: !Sub text", "Expected a mapping"],
  ["Assets: [{ Category: FORM_LOGO, ColorMode: BOTH, Extension: PNG }]", "BOTH"],
  ["Settings: { a: !Ref Nothing }", "Nothing"],
  ["Seitings: {}", "Settings"],
])("a template is refused with its line: %s", async (properties, message) => {
  await expect(apply(stack(style(properties)))).rejects.toMatchObject({
    message: expect.stringMatching(new RegExp(`line \\d+.*${message}`)),
  });
});

test("a classic look is made after its domain, changed, and removed before it", async () => {
  const applied = await apply(stack(classic() + domain));
  expect(await classicOf(applied)).toMatchObject({ CSS: ".banner-customizable { color: red }" });
  const changed = await apply(stack(classic(".label-customizable { color: blue }") + domain));
  expect(actionsOf(changed)).toMatchObject({ Classic: "change", Domain: "none" });
  expect(await classicOf(applied)).toMatchObject({ CSS: ".label-customizable { color: blue }" });
  const removed = await apply(stack(""), { AllowDeletion: true });
  expect(actionsOf(removed)).toMatchObject({ Classic: "remove", Domain: "remove" });
  expect(Object.keys(actionsOf(removed)).slice(-2)).toEqual(["Classic", "Domain"]);
  await apply(stack(domain));
  expect(await classicOf(applied)).toEqual({});
});

test("a classic look whose CSS is refused is told with its line", async () => {
  await expect(apply(stack(classic(".x { color: red }") + domain))).rejects.toMatchObject({
    message: expect.stringMatching(/line \d+.*\.x is not a class that can be customized/),
  });
});

test("terms are made, changed in place and removed", async () => {
  const outputs = "\n  TermsId: { Value: !GetAtt Terms.TermsId }";
  const applied = await apply(stack(terms(), outputs));
  const [made] = await termsOf(applied);
  expect(made?.TermsId).toBe(outputOf(applied, "TermsId"));
  const changed = await apply(stack(terms("https://shop.example/2"), outputs));
  expect(outputOf(changed, "TermsId")).toBe(made?.TermsId);
  expect(actionsOf(changed)).toMatchObject({ Terms: "change" });
  await apply(stack(""), { AllowDeletion: true });
  expect(await termsOf(applied)).toEqual([]);
});

test("what was deleted by hand is made again, under another id", async () => {
  const template = stack(style("UseCognitoProvidedValues: true") + terms());
  const applied = await apply(template);
  const UserPoolId = outputOf(applied, "PoolId");
  const { ManagedLoginBrandingId } = await styleOf(applied);
  const [before] = await termsOf(applied);
  const key = { UserPoolId, ManagedLoginBrandingId };
  await app.client.send(new DeleteManagedLoginBrandingCommand(key));
  await app.client.send(new DeleteTermsCommand({ UserPoolId, TermsId: before?.TermsId }));
  expect(actionsOf(await apply(template))).toMatchObject({ Style: "make", Terms: "make" });
  expect((await styleOf(applied)).ManagedLoginBrandingId).not.toBe(ManagedLoginBrandingId);
  expect(await termsOf(applied)).toHaveLength(1);
});

test("everything goes with its client, whatever of it is gone already", async () => {
  const applied = await apply(stack(style("Settings: {}") + classic() + domain + terms()));
  const poolOnly = stack("")
    .replace(/ {2}Client:\n.*\n.*\n/, "")
    .replace(/\n {2}ClientId: .*/, "");
  const removed = actionsOf(await apply(poolOnly, { AllowDeletion: true }));
  const gone = ["Style", "Classic", "Terms", "Client", "Domain"];
  expect(gone.map((id) => removed[id])).toEqual(gone.map(() => "remove"));
  expect(await termsOf(applied)).toEqual([]);
});

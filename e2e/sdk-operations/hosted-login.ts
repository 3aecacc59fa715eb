/** What hosted pages and machine clients need of the API: domains, scopes, looks, terms, certificates, tokens. */
import * as Sdk from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";

type Stage = {
  readonly client: Sdk.CognitoIdentityProviderClient;
  readonly UserPoolId: string;
  readonly ClientId: string;
};

/** The tests of these operations; `stage` is asked when they run. */
export function hostedLoginOperations(stage: () => Stage): void {
  test("domains and resource servers", async () => {
    const { client, UserPoolId } = stage();
    const prefix = { UserPoolId, Domain: "shop-login" };
    const made = await client.send(new Sdk.CreateUserPoolDomainCommand(prefix));
    expect(made).toMatchObject({ ManagedLoginVersion: 1 });
    await client.send(new Sdk.UpdateUserPoolDomainCommand({ ...prefix, ManagedLoginVersion: 2 }));
    const { DomainDescription } = await client.send(new Sdk.DescribeUserPoolDomainCommand(prefix));
    expect(DomainDescription).toMatchObject({
      ...prefix,
      ManagedLoginVersion: 2,
      Status: "ACTIVE",
    });
    const { UserPool } = await client.send(new Sdk.DescribeUserPoolCommand({ UserPoolId }));
    expect(UserPool?.Domain).toBe("shop-login");
    await client.send(new Sdk.DeleteUserPoolDomainCommand(prefix));
    expect(await client.send(new Sdk.DescribeUserPoolDomainCommand(prefix))).toMatchObject({
      DomainDescription: {},
    });

    const api = { UserPoolId, Identifier: "https://orders.example", Name: "Orders" };
    const Scopes = [{ ScopeName: "read", ScopeDescription: "Read orders" }];
    await client.send(new Sdk.CreateResourceServerCommand(api));
    await client.send(new Sdk.UpdateResourceServerCommand({ ...api, Scopes }));
    const { ResourceServer } = await client.send(new Sdk.DescribeResourceServerCommand(api));
    expect(ResourceServer).toEqual({ ...api, Scopes });
    const { ResourceServers } = await client.send(
      new Sdk.ListResourceServersCommand({ UserPoolId }),
    );
    expect(ResourceServers).toEqual([{ ...api, Scopes }]);
    await client.send(new Sdk.DeleteResourceServerCommand(api));
    await expect(client.send(new Sdk.DescribeResourceServerCommand(api))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });

  test("brandings and terms of hosted pages", async () => {
    const { client, UserPoolId, ClientId } = stage();
    const ofClient = { UserPoolId, ClientId };
    const Bytes = Buffer.from("<svg/>");
    const logo = { Category: "FORM_LOGO", ColorMode: "DYNAMIC", Extension: "SVG", Bytes } as const;
    const Settings = { components: { form: { borderRadius: 8.5 } } };
    const style = { ...ofClient, Settings, Assets: [logo] };
    const made = await client.send(new Sdk.CreateManagedLoginBrandingCommand(style));
    const ManagedLoginBrandingId = made.ManagedLoginBranding?.ManagedLoginBrandingId;
    const ofStyle = { UserPoolId, ManagedLoginBrandingId };
    const described = await client.send(new Sdk.DescribeManagedLoginBrandingCommand(ofStyle));
    expect(described.ManagedLoginBranding).toEqual(made.ManagedLoginBranding);
    const [asset] = described.ManagedLoginBranding?.Assets ?? [];
    expect(Buffer.from(asset?.Bytes ?? []).equals(Bytes)).toBe(true);
    expect(described.ManagedLoginBranding?.Settings).toEqual(Settings);
    const defaults = { ...ofStyle, UseCognitoProvidedValues: true };
    await client.send(new Sdk.UpdateManagedLoginBrandingCommand(defaults));
    const merged = { ...ofClient, ReturnMergedResources: true };
    const byClient = await client.send(new Sdk.DescribeManagedLoginBrandingByClientCommand(merged));
    expect(byClient.ManagedLoginBranding).toMatchObject({
      Settings: { components: { form: { borderRadius: 8 } } },
      Assets: [],
    });
    await client.send(new Sdk.DeleteManagedLoginBrandingCommand(ofStyle));

    const domain = { UserPoolId, Domain: "classic-login" };
    await client.send(new Sdk.CreateUserPoolDomainCommand(domain));
    const CSS = ".banner-customizable { color: red }";
    await client.send(new Sdk.SetUICustomizationCommand({ UserPoolId, CSS }));
    const { UICustomization } = await client.send(new Sdk.GetUICustomizationCommand(ofClient));
    expect(UICustomization).toMatchObject({ ClientId: "ALL", CSS });
    await client.send(new Sdk.DeleteUserPoolDomainCommand(domain));

    const { Terms } = await client.send(
      new Sdk.CreateTermsCommand({
        ...ofClient,
        TermsName: "terms-of-use",
        TermsSource: "LINK",
        Enforcement: "NONE",
        Links: { "cognito:default": "https://example.com/terms" },
      }),
    );
    const ofTerms = { UserPoolId, TermsId: Terms?.TermsId };
    const Links = { "cognito:french": "https://example.com/fr" };
    await client.send(new Sdk.UpdateTermsCommand({ ...ofTerms, Links }));
    expect((await client.send(new Sdk.DescribeTermsCommand(ofTerms))).Terms?.Links).toEqual(Links);
    const named = { ...ofClient, TermsName: "terms-of-use" };
    const found = await client.send(new Sdk.DescribeTermsByClientCommand(named));
    expect(found.Terms?.TermsId).toBe(Terms?.TermsId);
    expect((await client.send(new Sdk.ListTermsCommand({ UserPoolId }))).Terms).toHaveLength(1);
    await client.send(new Sdk.DeleteTermsCommand(ofTerms));

    const { Certificate } = await client.send(new Sdk.GetSigningCertificateCommand({ UserPoolId }));
    expect(Certificate).toMatch(/^MII[\w+/]+=*$/);
  });

  test("a machine client's token", async () => {
    const { client, UserPoolId } = stage();
    const api = { UserPoolId, Identifier: "orders", Name: "Orders" };
    const Scopes = [{ ScopeName: "read", ScopeDescription: "Read orders" }];
    await client.send(new Sdk.CreateResourceServerCommand({ ...api, Scopes }));
    const { UserPoolClient } = await client.send(
      new Sdk.CreateUserPoolClientCommand({
        ...{ UserPoolId, ClientName: "machine", GenerateSecret: true },
        // The SDK has the operation, and not yet the name of what it needs.
        ExplicitAuthFlows: ["ALLOW_CLIENT_TOKEN_AUTH" as Sdk.ExplicitAuthFlowsType],
        AllowedOAuthFlows: ["client_credentials"],
        AllowedOAuthScopes: ["orders/read"],
        AllowedOAuthFlowsUserPoolClient: true,
      }),
    );
    const { ClientId, ClientSecret } = UserPoolClient ?? {};
    const { ClientAuthenticationResult } = await client.send(
      new Sdk.GetClientTokenCommand({ ClientId, Secret: ClientSecret, Scopes: ["orders/read"] }),
    );
    expect(ClientAuthenticationResult).toEqual({
      ...{ AccessToken: expect.any(String), ExpiresIn: 3600, TokenType: "Bearer" },
    });
    await client.send(new Sdk.DeleteUserPoolClientCommand({ UserPoolId, ClientId }));
    await client.send(
      new Sdk.DeleteResourceServerCommand({ UserPoolId, Identifier: api.Identifier }),
    );
  });
}

import type { DevInfo, UserPool, UserPoolClient } from "./dev-info.ts";

export type Platform = "macos" | "linux" | "windows";

/** The block that points an Amplify app at this server. */
export function amplifyConfiguration(
  info: DevInfo,
  pool: UserPool,
  client: UserPoolClient,
): string {
  const kinds = Object.keys(pool.loginWith).map((kind) => `${kind}: true`);
  return `import { Amplify } from "aws-amplify";

Amplify.configure({
  Auth: {
    Cognito: {
      userPoolId: ${JSON.stringify(pool.id)},
      userPoolClientId: ${JSON.stringify(client.id)},
      userPoolEndpoint: ${JSON.stringify(info.publicUrl)},
      loginWith: { ${kinds.join(", ")} },
    },
  },
});`;
}

/** The lines that load the root keys and where the server is, and make a first signed call. */
export function awsCli(info: DevInfo, pool: UserPool | undefined): string {
  const call = pool
    ? `list-users \\\n  --user-pool-id ${shellWord(pool.id)}`
    : "list-user-pools \\\n  --max-results 10";
  return `. ${shellWord(info.credentialsFile)}
aws cognito-idp ${call} \\
  --endpoint-url ${shellWord(info.publicUrl)}`;
}

/** The lines that make this person's browsers trust the certificate authority. */
export function trustInBrowsers(caFile: string, platform: Platform): string {
  switch (platform) {
    case "macos":
      return `security add-trusted-cert -r trustRoot \\
  -k ~/Library/Keychains/login.keychain-db ${shellWord(caFile)}`;
    case "windows":
      return `certutil -addstore -user Root ${powerShellWord(caFile)}`;
    case "linux":
      return `# needs certutil: apt install libnss3-tools, dnf install nss-tools
mkdir -p ~/.pki/nssdb
certutil -d sql:$HOME/.pki/nssdb -A -t "C,," -n poolhouse -i ${shellWord(caFile)}`;
  }
}

/** The variables that make Node, the AWS tools and Python trust it, for one terminal. */
export function trustInTerminal(caFile: string, platform: Platform): string {
  const names = ["NODE_EXTRA_CA_CERTS", "AWS_CA_BUNDLE"];
  return names
    .map((name) =>
      platform === "windows"
        ? `$env:${name} = ${powerShellWord(caFile)}`
        : `export ${name}=${shellWord(caFile)}`,
    )
    .join("\n");
}

/** Quotes a word for a POSIX shell where it needs quotes. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function powerShellWord(word: string): string {
  return `'${word.replaceAll("'", "''")}'`;
}

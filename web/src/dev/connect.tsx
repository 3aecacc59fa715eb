import { useState } from "react";
import { Card } from "../ui/card.tsx";
import { CodeBlock } from "../ui/code-block.tsx";
import { SelectField } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";
import { Segmented } from "../ui/segmented.tsx";
import type { DevInfo } from "./dev-info.ts";
import {
  amplifyConfiguration,
  awsCli,
  type Platform,
  trustInBrowsers,
  trustInTerminal,
} from "./snippets.ts";

/** The block to paste into an Amplify app, for whichever pool and client is chosen. */
export function ConnectApp({ info }: { info: DevInfo }) {
  // A browser cannot keep a client secret, so only clients without one are offered.
  const choices = info.userPools.flatMap((pool) =>
    pool.clients
      .filter((client) => !client.hasSecret)
      .map((client) => ({
        pool,
        client,
        value: client.id,
        label: `${pool.name} · ${client.name}`,
      })),
  );
  const [clientId, setClientId] = useState<string>();
  const chosen = choices.find((choice) => choice.value === clientId) ?? choices[0];

  return (
    <Card title="Connect your app" note="Paste this before the first call to Amplify.">
      {choices.length > 1 && chosen && (
        <SelectField
          label="User pool and client"
          options={choices}
          value={chosen.value}
          onChange={setClientId}
        />
      )}
      {chosen ? (
        <CodeBlock
          caption="Amplify"
          code={amplifyConfiguration(info, chosen.pool, chosen.client)}
        />
      ) : (
        <Notice tone="accent">
          There is no client without a secret yet. Make one, and its configuration appears here.
        </Notice>
      )}
    </Card>
  );
}

/** The lines that sign a first administrator's call. */
export function UseAwsTools({ info }: { info: DevInfo }) {
  return (
    <Card
      title="Use the AWS CLI and SDKs"
      note="The first line loads this server's root keys into your terminal. Keep them there."
    >
      <CodeBlock caption="Terminal" code={awsCli(info, info.userPools[0])} />
    </Card>
  );
}

const platforms = [
  { value: "macos", label: "macOS" },
  { value: "linux", label: "Linux" },
  { value: "windows", label: "Windows" },
] as const;

/** How each system comes to trust the server's own certificate authority. */
export function TrustCertificate({ caFile }: { caFile: string }) {
  const [platform, setPlatform] = useState<Platform>(() => platformOf(navigator.userAgent));
  return (
    <Card
      title="Trust the certificate"
      note="Poolhouse made its own certificate authority. It can only vouch for names on this machine."
    >
      <Segmented legend="Your system" options={platforms} value={platform} onChange={setPlatform} />
      <div className="start-facts">
        <CodeBlock caption="Browsers, once" code={trustInBrowsers(caFile, platform)} />
        <CodeBlock
          caption="Node and AWS tools, per terminal"
          code={trustInTerminal(caFile, platform)}
        />
      </div>
      <p className="muted small">
        In the project's folder <code>npx poolhouse trust</code> does the first for you. Firefox
        asks separately: Settings, Privacy &amp; Security, View Certificates, Authorities, Import.
      </p>
    </Card>
  );
}

function platformOf(userAgent: string): Platform {
  if (userAgent.includes("Windows")) return "windows";
  return userAgent.includes("Mac OS") ? "macos" : "linux";
}

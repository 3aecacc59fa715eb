import type { PoolOverview } from "../domain/pools/overview.ts";
import { shellWord } from "../lib/shell.ts";
import type { DevUser } from "./dev-stack.ts";

export type BannerFacts = {
  readonly version: string;
  readonly publicUrl: string;
  readonly plainUrl: string | undefined;
  readonly caFile: string;
  readonly isTrusted: boolean;
  readonly credentialsFile: string;
  readonly hasDemo: boolean;
  readonly pool: PoolOverview | undefined;
  readonly users: readonly DevUser[];
  readonly readyMs: number;
};

/** How a part of the banner looks; the text itself where there are no colours. */
export type Paint = (style: "bold" | "dim" | "cyan" | "yellow", text: string) => string;

/** What a developer sees first: where everything is, and what to paste. */
export function banner(facts: BannerFacts, paint: Paint): string {
  const { publicUrl, pool, readyMs } = facts;
  const blocks = [
    `${paint("bold", `Poolhouse ${facts.version}`)}  ${paint("cyan", publicUrl)}`,
    table(rowsOf(facts), paint),
    pool ? inYourApp(facts, pool, paint) : nothingYet(paint),
    inATerminal(facts, paint),
    paint("dim", `ready in ${readyMs} ms, Ctrl-C stops it`),
  ];
  return `\n${blocks
    .filter((block) => block)
    .join("\n\n")
    .replace(/^(?=.)/gm, "  ")}\n\n`;
}

type Rows = readonly (readonly [name: string, ...lines: string[]])[];

function rowsOf({ publicUrl, pool, users, ...facts }: BannerFacts): Rows {
  const rows: [string, ...string[]][] = [];
  if (facts.hasDemo) rows.push(["Demo", `${publicUrl}/demo/`]);
  rows.push(["Inbox", `${publicUrl}/inbox`]);
  if (facts.plainUrl) rows.push(["Plain HTTP", facts.plainUrl]);
  if (pool) {
    rows.push(["User pool", `${pool.id}  ${pool.name}`]);
    rows.push(["Clients", ...pool.clients.map(showClient)]);
  }
  if (users.length > 0) {
    const width = Math.max(...users.map(({ name }) => name.length));
    const show = ({ name, password }: DevUser) => `${name.padEnd(width)}  ${password}`;
    rows.push(["Sign in as", ...users.map(show)]);
  }
  const untrusted = `browsers warn until you run: npx poolhouse trust`;
  rows.push(["CA", facts.caFile, ...(facts.isTrusted ? [] : [untrusted])]);
  return rows;
}

function showClient({ id, name, hasSecret }: PoolOverview["clients"][number]): string {
  return `${id}  ${name}${hasSecret ? ", with a secret" : ""}`;
}

function table(rows: Rows, paint: Paint): string {
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return rows
    .flatMap(([name, ...lines]) =>
      lines.map((line, at) => `${paint("dim", (at === 0 ? name : "").padEnd(width))}${line}`),
    )
    .join("\n");
}

/** Nothing where every client has a secret: those are for servers. */
function inYourApp({ publicUrl }: BannerFacts, pool: PoolOverview, paint: Paint): string {
  const client = pool.clients.find(({ hasSecret }) => !hasSecret);
  if (!client) return "";
  const kinds = Object.keys(pool.loginWith).map((kind) => `${kind}: true`);
  return `${paint("bold", "In your app")}

Amplify.configure({
  Auth: {
    Cognito: {
      userPoolId: ${JSON.stringify(pool.id)},
      userPoolClientId: ${JSON.stringify(client.id)},
      userPoolEndpoint: ${JSON.stringify(publicUrl)},
      loginWith: { ${kinds.join(", ")} },
    },
  },
});`;
}

function nothingYet(paint: Paint): string {
  return `${paint("bold", "No user pool yet")}\n\nnpx poolhouse apply STACK.yaml   makes what a CloudFormation template describes`;
}

function inATerminal({ credentialsFile, publicUrl, pool }: BannerFacts, paint: Paint): string {
  const call = pool ? `list-users --user-pool-id ${pool.id}` : "list-user-pools --max-results 10";
  return `${paint("bold", "In a terminal")}

. ${shellWord(credentialsFile)}
aws cognito-idp ${call} --endpoint-url ${publicUrl}`;
}

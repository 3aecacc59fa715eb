/** What `GET /demo/config.json` says: everything the demo needs to know of the server. */
export interface DemoConfig {
  region: string;
  userPoolId: string;
  userPoolClientId: string;
  userPoolEndpoint: string;
  apiEndpoint: string;
}

// Fixed when the demo is built or started, never read from the address bar: a link must not be able to choose the
// server that a password goes to.
const serverOrigin = import.meta.env.VITE_POOLHOUSE_SERVER ?? location.origin;

export async function loadConfig(): Promise<DemoConfig> {
  const response = await fetch(new URL("/demo/config.json", serverOrigin));
  if (!response.ok) throw new Error(`The server answered ${response.status} to /demo/config.json`);
  return readConfig(await response.json());
}

/** The inbox page, showing what was sent to this address, or to every one. */
export function inboxUrl(address?: string): string {
  const url = new URL("/inbox", serverOrigin);
  if (address) url.searchParams.set("to", address);
  return url.href;
}

function readConfig(json: Record<string, unknown>): DemoConfig {
  const text = (name: keyof DemoConfig) => {
    const value = json[name];
    if (typeof value !== "string" || value === "") throw new Error(`config.json has no ${name}`);
    return value;
  };
  return {
    region: text("region"),
    userPoolId: text("userPoolId"),
    userPoolClientId: text("userPoolClientId"),
    userPoolEndpoint: text("userPoolEndpoint"),
    apiEndpoint: text("apiEndpoint"),
  };
}

/** Which hosts are this machine and nobody else's, so that what goes there need not be encrypted. */
import { isIP } from "node:net";

/** Whether an IP address reaches this machine alone. */
export function isLoopback(address: string): boolean {
  return address === "::1" || (isIP(address) === 4 && address.startsWith("127."));
}

/** Whether a host, as it stands in a URL or by itself, is this machine: `localhost`, `127.0.0.1`, `[::1]`. */
export function isThisMachine(host: string): boolean {
  return host === "localhost" || isLoopback(host.replace(/^\[(.*)\]$/, "$1"));
}

/** Whether a PostgreSQL URL leads to this machine, by its sockets (a folder as the host, or none) or by its loopback. */
export function isLocalDatabase({ hostname, searchParams }: URL): boolean {
  const host = searchParams.get("host") ?? decodeURIComponent(hostname);
  return host === "" || host.startsWith("/") || isThisMachine(host);
}

import { isIP } from "node:net";

export type Address = { readonly host: string; readonly port: number };

export type Listen =
  | ({ readonly kind: "https" | "http" } & Address)
  | { readonly kind: "unix"; readonly path: string };

const addressPattern = /^(?:(https?):\/\/)?(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+|localhost)):(\d{1,5})$/;

/** Reads HOST:PORT, http://HOST:PORT or unix:/PATH, where HOST is localhost or an IP address; undefined for all else. */
export function parseListen(text: string): Listen | undefined {
  if (text.startsWith("unix:/")) return { kind: "unix", path: text.slice("unix:".length) };
  const [, scheme, v6, name, port] = addressPattern.exec(text) ?? [];
  // One address: the name may stand for two, and a free port would be two different ones.
  const host = name === "localhost" ? "127.0.0.1" : (v6 ?? name ?? "");
  if (isIP(host) !== (v6 === undefined ? 4 : 6) || Number(port) > 65_535) return undefined;
  return { kind: scheme === "http" ? "http" : "https", host, port: Number(port) };
}

/** An address as it stands in a URL. */
export function showAddress({ host, port }: Address): string {
  return `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}

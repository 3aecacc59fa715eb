/** How the text of one setting becomes its value; a refusal says what would be right and never repeats a secret. */
import { isIP } from "node:net";
import { resolve } from "node:path";
import { isLocalDatabase, isLoopback, isThisMachine } from "../lib/this-machine.ts";
import { type Address, type Listen, parseListen } from "./listen.ts";

/** A value that cannot be used; its message goes on from the setting's name. */
export class WrongValue extends Error {
  override readonly name = "WrongValue";
}

export const path = (text: string): string => resolve(text);

export function listen(text: string): Listen {
  const value = parseListen(text);
  if (value) return value;
  throw new WrongValue(
    `is ${show(text)} and must be HOST:PORT, http://HOST:PORT or unix:/PATH, with an IP address or localhost as HOST`,
  );
}

export function loopbackAddress(text: string): Address {
  const value = parseListen(text);
  if (value && value.kind !== "unix" && isLoopback(value.host)) return value;
  throw new WrongValue(
    `is ${show(text)} and must be HOST:PORT on this machine alone, such as 127.0.0.1:8080`,
  );
}

export function httpsUrl(text: string): string {
  const url = parseUrl(text);
  if (url?.protocol === "https:" && `${url.origin}/` === url.href) return url.origin;
  throw new WrongValue(
    `is ${show(text)} and must be https://HOST or https://HOST:PORT with nothing behind it`,
  );
}

/** Of a server that speaks as one of AWS's does; whether it may be plain HTTP depends on the host. */
export function httpOrigin(text: string): string {
  const url = parseUrl(text);
  if (url && /^https?:$/.test(url.protocol) && `${url.origin}/` === url.href) return url.origin;
  throw new WrongValue(`is ${show(text)} and must be https://HOST with nothing behind it`);
}

/** The host of a URL without TLS, or undefined. */
export function plainHttpHost(text: string): string | undefined {
  const url = new URL(text);
  return url.protocol === "http:" ? url.hostname : undefined;
}

/** Where commands send signed requests: in clear only to this machine. */
export function endpointUrl(text: string): string {
  const url = parseUrl(text);
  const isHere = url && isThisMachine(url.hostname);
  if (url?.protocol === "https:" || (url?.protocol === "http:" && isHere)) return text;
  throw new WrongValue(`is ${show(text)} and must be https://…, or http:// to this machine`);
}

/** Only the scheme is checked here: the driver knows the rest, and the text may hold a password. */
export function postgresUrl(text: string): string {
  const url = parseUrl(text);
  if (url && /^postgres(ql)?:$/.test(url.protocol)) return text;
  throw new WrongValue(
    "must be postgres://USER:PASSWORD@HOST/DATABASE; leave it out to keep SQLite in the data directory",
  );
}

export function smtpUrl(text: string): string {
  const url = parseUrl(text);
  if (url && /^smtps?:$/.test(url.protocol) && url.hostname !== "") return text;
  throw new WrongValue("must be smtp://USER:PASSWORD@HOST:PORT or smtps://…");
}

/** The text itself where it has the form; the refusal names the form. */
export function matching(form: RegExp, name: string): (text: string) => string {
  return (text) => {
    if (form.test(text)) return text;
    throw new WrongValue(`is ${show(text)} and must be ${name}`);
  };
}

export function secretMatching(form: RegExp, name: string): (text: string) => string {
  return (text) => {
    if (form.test(text)) return text;
    throw new WrongValue(`must be ${name}`);
  };
}

export function oneOf<T extends string>(...values: readonly T[]): (text: string) => T {
  return (text) => {
    const value = values.find((each) => each === text);
    if (value !== undefined) return value;
    throw new WrongValue(`is ${show(text)} and must be ${values.join(" or ")}`);
  };
}

/** IP addresses and ranges, such as `10.0.0.0/8`. */
export function addressRanges(text: string): readonly string[] {
  const ranges = text.split(",").map((each) => each.trim());
  const wrong = ranges.find((range) => !isAddressRange(range));
  if (wrong === undefined) return ranges;
  throw new WrongValue(
    `names ${show(wrong)} and must be IP addresses or ranges with commas between, such as 10.0.0.0/8`,
  );
}

function isAddressRange(range: string): boolean {
  const [address = "", bits, more] = range.split("/");
  const version = isIP(address);
  if (version === 0 || more !== undefined) return false;
  // A range of all addresses would let anybody say where they come from.
  return (
    bits === undefined ||
    (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
  );
}

/** Host names and IP addresses, without ports. */
export function hostNames(text: string): readonly string[] {
  const hosts = text.split(",").map((each) => each.trim());
  const wrong = hosts.find((host) => !isHostName(host));
  if (wrong === undefined) return hosts;
  throw new WrongValue(
    `names ${show(wrong)} and must be host names or IP addresses with commas between, such as hooks.internal,10.0.0.7`,
  );
}

/** Whether it is written as it stands in a URL's host, so that the two can be compared. */
function isHostName(host: string): boolean {
  if (isIP(host) === 6) return true;
  const url = parseUrl(`https://${host}/`);
  return url !== undefined && /^[\w.-]+$/.test(host) && url.host === host.toLowerCase();
}

/** Whether a database on another machine is reached without a verified certificate. */
export function trustsAnyDatabase(databaseUrl: string): boolean {
  const url = new URL(databaseUrl);
  if (isLocalDatabase(url)) return false;
  const { searchParams } = url;
  const mode = searchParams.get("sslmode") ?? searchParams.get("ssl") ?? "verify-full";
  // The driver reads all of these as verify-full, unless it is told to read them as libpq does.
  const verifies = ["require", "verify-ca", "verify-full", "true", "1"].includes(mode);
  return !verifies || searchParams.has("uselibpqcompat");
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

function show(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

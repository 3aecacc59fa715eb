/** Ranges of addresses in CIDR notation (RFC 4632, RFC 4291 §2.3). */
import { BlockList, isIP } from "node:net";

type Range = { readonly network: string; readonly prefix: number; readonly family: Family };
type Family = "ipv4" | "ipv6";

/** Lists are read far more often than they change, and each is read from its settings once. */
const known = new WeakMap<readonly string[], BlockList>();

/** Whether a text is a range, such as `192.0.2.0/24` or `2001:db8::/32`. */
export function isAddressRange(text: string): boolean {
  return parse(text) !== undefined;
}

/** Whether an address is in one of these ranges; what is no address is in none. */
export function isInRanges(address: string, ranges: readonly string[]): boolean {
  const plain = plainAddress(address);
  const family = familyOf(plain);
  return family !== undefined && listOf(ranges).check(plain, family);
}

function listOf(ranges: readonly string[]): BlockList {
  const before = known.get(ranges);
  if (before) return before;
  const list = new BlockList();
  for (const range of ranges.map(parse)) {
    if (range) list.addSubnet(range.network, range.prefix, range.family);
  }
  known.set(ranges, list);
  return list;
}

function parse(text: string): Range | undefined {
  const [, network = "", digits = ""] = /^([0-9A-Fa-f:.]{2,45})\/(\d{1,3})$/.exec(text) ?? [];
  const family = familyOf(network);
  const prefix = Number(digits);
  if (family === undefined || prefix > (family === "ipv4" ? 32 : 128)) return undefined;
  return { network, prefix, family };
}

/** Without the zone of a link, and an IPv4 address as that where a socket of both kinds shows it as IPv6. */
function plainAddress(address: string): string {
  const [plain = ""] = address.split("%", 1);
  return /^::ffff:(\d[\d.]*)$/i.exec(plain)?.[1] ?? plain;
}

function familyOf(address: string): Family | undefined {
  const version = isIP(address);
  if (version === 0) return undefined;
  return version === 4 ? "ipv4" : "ipv6";
}

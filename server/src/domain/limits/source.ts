/** Which source a request is counted under. */
import { isIPv4, isIPv6 } from "node:net";

/**
 * The source of an address: an IPv4 address for itself, an IPv6 one with its whole /64, since that is what one
 * customer of a provider has. None for this machine: what seems to come from here is its owner's, or a proxy's that
 * POOLHOUSE_TRUSTED_PROXIES does not name, and one stranger behind that must not use up what belongs to all.
 */
export function sourceOf(address: string): string | undefined {
  // Some proxies forward the port as well.
  const [, v6, v4] = /^(?:\[([^\]]*)\](?::\d+)?|([\d.]+):\d+)$/.exec(address) ?? [];
  const [bare = ""] = (v6 ?? v4 ?? address).split("%");
  if (isIPv4(bare)) return bare.startsWith("127.") ? undefined : bare;
  if (!isIPv6(bare)) return undefined;
  const groups = groupsOf(bare);
  const mapped = mappedIPv4(groups);
  if (mapped) return sourceOf(mapped);
  if (groups.every((group, at) => group === (at === 7 ? 1 : 0))) return undefined;
  const network = groups.slice(0, 4).map((group) => group.toString(16));
  return `${network.join(":")}::/64`;
}

/** The eight groups of an IPv6 address that is known to be one. */
function groupsOf(address: string): number[] {
  const [head = "", tail] = withoutDots(address).split("::");
  const left = parse(head);
  if (tail === undefined) return left;
  const right = parse(tail);
  return [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right];
}

function parse(part: string): number[] {
  return part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16));
}

/** `::ffff:1.2.3.4` as `::ffff:102:304`. */
function withoutDots(address: string): string {
  const end = address.lastIndexOf(":") + 1;
  const last = address.slice(end);
  if (!last.includes(".")) return address;
  const [a = 0, b = 0, c = 0, d = 0] = last.split(".").map(Number);
  return `${address.slice(0, end)}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}

function mappedIPv4(groups: readonly number[]): string | undefined {
  const [high = 0, low = 0] = groups.slice(6);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  return isMapped ? [high >> 8, high & 255, low >> 8, low & 255].join(".") : undefined;
}

/** Which addresses belong to the public Internet, so that a URL which somebody else chose may lead there. */
import { BlockList, isIP } from "node:net";

/** IANA's IPv4 special-purpose registry (RFC 6890), multicast and what is reserved; clouds keep their metadata in it. */
const specialIpv4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.31.196.0/24",
  "192.52.193.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "192.175.48.0/24",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
  // Azure's own services, answered inside each of its machines.
  "168.63.129.16/32",
] as const;

/** Within 2000::/3: protocols, tunnels whose other end is an IPv4 address that somebody else chose, documentation. */
const specialIpv6 = ["2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"];

/** RFC 6052: the networks behind it are those of IPv4. */
const nat64 = "64:ff9b::";
const nat64Bits = 96;

const ipv4 = { special: new BlockList() };
const ipv6 = { global: new BlockList(), special: new BlockList() };

for (const range of specialIpv4) {
  const [address, bits] = parts(range);
  ipv4.special.addSubnet(address, bits, "ipv4");
  ipv6.special.addSubnet(`${nat64}${address}`, nat64Bits + bits, "ipv6");
}
for (const range of ["2000::/3", `${nat64}/${nat64Bits}`]) {
  ipv6.global.addSubnet(...parts(range), "ipv6");
}
for (const range of specialIpv6) ipv6.special.addSubnet(...parts(range), "ipv6");

function parts(range: string): [address: string, bits: number] {
  const [address = "", bits] = range.split("/");
  return [address, Number(bits)];
}

/**
 * Whether an IP address is one of the public Internet. Not so are loopback, private, shared and link-local networks,
 * those of metadata, unique local and IPv4-mapped addresses, multicast, and whatever is no address.
 */
export function isPublicAddress(address: string): boolean {
  // A zone names one of this machine's own links.
  if (address.includes("%")) return false;
  const version = isIP(address);
  if (version === 4) return !ipv4.special.check(address, "ipv4");
  if (version === 6) {
    return ipv6.global.check(address, "ipv6") && !ipv6.special.check(address, "ipv6");
  }
  return false;
}

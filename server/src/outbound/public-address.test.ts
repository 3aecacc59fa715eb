import fc from "fast-check";
import { expect, test } from "vitest";
import { isPublicAddress } from "./public-address.ts";

test.each([
  ["0.0.0.0", "this network"],
  ["10.1.2.3", "private"],
  ["100.64.0.1", "shared, as carriers use it"],
  ["100.100.100.200", "metadata of Alibaba"],
  ["127.0.0.1", "loopback"],
  ["169.254.169.254", "metadata"],
  ["169.254.170.2", "credentials of containers"],
  ["172.16.0.1", "private"],
  ["172.31.255.255", "private"],
  ["192.0.0.192", "metadata of Oracle"],
  ["192.168.0.1", "private"],
  ["168.63.129.16", "Azure's host"],
  ["198.19.255.255", "benchmarks"],
  ["224.0.0.1", "multicast"],
  ["255.255.255.255", "broadcast"],
  ["::", "unspecified"],
  ["::1", "loopback"],
  ["::ffff:8.8.8.8", "IPv4-mapped"],
  ["::ffff:7f00:1", "IPv4-mapped"],
  ["::8.8.8.8", "IPv4-compatible"],
  ["64:ff9b::169.254.169.254", "metadata behind NAT64"],
  ["64:ff9b::7f00:1", "loopback behind NAT64"],
  ["64:ff9b:1::1", "a NAT64 of one's own"],
  ["fc00::1", "unique local"],
  ["fd00:ec2::254", "metadata"],
  ["fe80::1", "link-local"],
  ["fe80::1%eth0", "link-local with its zone"],
  ["2606:4700::1%eth0", "whatever has a zone"],
  ["fec0::1", "site-local"],
  ["ff02::1", "multicast"],
  ["2001::1", "Teredo"],
  ["2001:db8::1", "documentation"],
  ["2002:7f00:1::", "6to4 to loopback"],
  ["localhost", "no address"],
  ["127.1", "no address as it stands"],
  ["0177.0.0.1", "no address as it stands"],
  ["", "nothing"],
])("%s is not public: %s", (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each([
  "1.1.1.1",
  "8.8.8.8",
  "9.255.255.255",
  "11.0.0.0",
  "100.63.255.255",
  "100.128.0.0",
  "126.255.255.255",
  "128.0.0.0",
  "172.15.255.255",
  "172.32.0.0",
  "192.167.255.255",
  "223.255.255.255",
  "2606:4700:4700::1111",
  "2a00:1450:4001::1",
  "64:ff9b::8.8.8.8",
])("%s is public", (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

const octet = fc.integer({ min: 0, max: 255 });
const anyIpv4 = fc.tuple(octet, octet, octet, octet);

test("an IPv4 address behind NAT64 counts as itself, and mapped into IPv6 as nobody's", () => {
  fc.assert(
    fc.property(anyIpv4, (octets) => {
      const dotted = octets.join(".");
      expect(isPublicAddress(`64:ff9b::${dotted}`)).toBe(isPublicAddress(dotted));
      expect(isPublicAddress(`::ffff:${dotted}`)).toBe(false);
    }),
  );
});

test("a private address stays so however it is written", () => {
  const privateIpv6 = fc.tuple(
    fc.constantFrom(0xfc00, 0xfd00, 0xfdff, 0xfe80, 0xfebf, 0xff02, 0),
    fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 7, maxLength: 7 }),
  );
  fc.assert(
    fc.property(privateIpv6, fc.boolean(), fc.boolean(), ([first, rest], upper, padded) => {
      const groups = [first, ...rest].map((each) =>
        each.toString(16).padStart(padded ? 4 : 1, "0"),
      );
      const text = groups.join(":");
      expect(isPublicAddress(upper ? text.toUpperCase() : text)).toBe(false);
    }),
  );
  fc.assert(
    fc.property(anyIpv4, ([, b, c, d]) => {
      expect(isPublicAddress(`10.${b}.${c}.${d}`)).toBe(false);
      expect(isPublicAddress(`127.${b}.${c}.${d}`)).toBe(false);
    }),
  );
});

test("whatever a text is, it never throws", () => {
  fc.assert(fc.property(fc.string(), (text) => typeof isPublicAddress(text) === "boolean"));
});

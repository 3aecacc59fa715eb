import { expect, test } from "vitest";
import { sourceOf } from "./source.ts";

test.each([
  ["203.0.113.9", "203.0.113.9"],
  ["::ffff:203.0.113.9", "203.0.113.9"],
  ["::ffff:cb00:7109", "203.0.113.9"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:db8:1:2::", "2001:db8:1:2::/64"],
  ["2001:DB8:0001:0002:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["2001:db8::1:203.0.113.9", "2001:db8:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["203.0.113.9:4711", "203.0.113.9"],
  ["[2001:db8:1:2::9]:4711", "2001:db8:1:2::/64"],
  ["[2001:db8:1:2::9]", "2001:db8:1:2::/64"],
  ["127.0.0.1", undefined],
  ["127.0.0.1:80", undefined],
  ["127.8.8.8", undefined],
  ["::1", undefined],
  ["::ffff:127.0.0.1", undefined],
  ["0:0:0:0:0:0:0:1", undefined],
  ["", undefined],
  ["unknown", undefined],
  ["203.0.113.9, 198.51.100.1", undefined],
])("%s counts as %s", (address, source) => {
  expect(sourceOf(address)).toBe(source);
});

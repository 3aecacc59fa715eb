const tlv = (tag: number, ...content: Uint8Array[]): Buffer => {
  const body = Buffer.concat(content);
  const length =
    body.length < 128
      ? [body.length]
      : body.length < 256
        ? [0x81, body.length]
        : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
};

const sequence = 0x30;
const permittedSubtrees = 0xa0;
const dnsName = 0x82;
const ipAddress = 0x87;

// Address and mask: 127.0.0.0/8, and ::1 alone.
const loopback4 = Buffer.from([127, 0, 0, 0, 255, 0, 0, 0]);
const loopback6 = Buffer.concat([Buffer.alloc(15), Buffer.from([1]), Buffer.alloc(16, 255)]);

/**
 * The DER value of a NameConstraints extension (RFC 5280 section 4.2.1.10) that permits localhost and what lies below
 * it, the loopback addresses, and the extra DNS names with what lies below them. Nothing else can then be certified.
 */
export function nameConstraints(extraNames: readonly string[]): Buffer {
  const dns = ["localhost", ...extraNames].map((name) =>
    tlv(sequence, tlv(dnsName, Buffer.from(name, "latin1"))),
  );
  const ip = [loopback4, loopback6].map((range) => tlv(sequence, tlv(ipAddress, range)));
  return tlv(sequence, tlv(permittedSubtrees, ...dns, ...ip));
}

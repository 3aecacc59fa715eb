/** The smallest images that browsers show. */
export const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
export const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>');
export const jpeg = Buffer.from("ffd8ffe000104a46494600010100000100010000ffd9", "hex");
export const ico = Buffer.from("00000100010001010000010018003000000016000000", "hex");
export const webp = Buffer.from(
  "524946461a000000574542505650384c0d0000002f00000010071011118888",
  "hex",
);

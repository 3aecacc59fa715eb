import { describe, expect, it } from "vitest";
import { createVault } from "./envelope.ts";
import { addMasterKey, generateMasterKeys, promoteMasterKey } from "./envelope-keys.ts";
import { systemRandom } from "./random.ts";

const masterKeys = generateMasterKeys(systemRandom);
const vault = createVault(masterKeys, systemRandom);
const place = { table: "users", column: "srp_verifier", row: "us-east-1_abc/42" };

/** The same data under a new key that seals, the old ones behind it. */
function rotate(keys = masterKeys) {
  const added = addMasterKey(keys, systemRandom);
  return promoteMasterKey(added, added.keys.at(-1)?.id ?? "");
}

describe("seal and open", () => {
  it.each([
    ["text", "correct horse, пароль, 🔑"],
    ["an empty secret", ""],
    ["a long secret", "x".repeat(100_000)],
  ])("gives %s back", (_, plain) => {
    expect(vault.open(place, vault.seal(place, plain)).toString()).toBe(plain);
  });

  it("gives bytes back as they were", () => {
    const plain = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    expect(new Uint8Array(vault.open(place, vault.seal(place, plain)))).toEqual(plain);
  });

  it("writes base64url that shows nothing of the secret and is never the same twice", () => {
    const blobs = Array.from({ length: 50 }, () => vault.seal(place, "top secret"));
    expect(new Set(blobs).size).toBe(50);
    for (const blob of blobs) {
      expect(blob).toMatch(/^[A-Za-z0-9_-]+$/);
      expect(Buffer.from(blob, "base64url").includes("secret")).toBe(false);
    }
  });

  it.each([
    ["table", { ...place, table: "devices" }],
    ["column", { ...place, column: "totp_seed" }],
    ["row", { ...place, row: "us-east-1_abc/43" }],
    [
      "a border between its parts",
      { table: 'users","srp_verifier', column: "us-east-1_abc/42", row: "" },
    ],
    ["a part shifted into the next", { table: "userssrp_verifier", column: "", row: place.row }],
  ])("refuses a blob moved to another place: %s", (_, elsewhere) => {
    const blob = vault.seal(place, "secret");
    expect(() => vault.open(elsewhere, blob)).toThrow("does not open");
    expect(() => vault.rewrap(elsewhere, blob)).toThrow("does not open");
  });

  it("refuses a blob with any single bit flipped", () => {
    const blob = Buffer.from(vault.seal(place, "secret"), "base64url");
    for (let bit = 0; bit < blob.length * 8; bit++) {
      const flipped = Buffer.from(blob);
      flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(() => vault.open(place, flipped.toString("base64url"))).toThrow("does not open");
    }
  });

  it("refuses a blob cut or lengthened anywhere", () => {
    const blob = Buffer.from(vault.seal(place, "secret"), "base64url");
    for (let length = 0; length < blob.length; length++) {
      expect(() => vault.open(place, blob.toString("base64url", 0, length))).toThrow(
        "does not open",
      );
    }
    const longer = Buffer.concat([blob, Buffer.alloc(1)]).toString("base64url");
    expect(() => vault.open(place, longer)).toThrow("does not open");
  });

  it("refuses every other spelling of the same bytes", () => {
    const blob = vault.seal(place, "secret!");
    for (const spelling of [
      `${blob}=`,
      `${blob}\n`,
      ` ${blob}`,
      `${blob.slice(0, 9)}.${blob.slice(9)}`,
    ]) {
      expect(() => vault.open(place, spelling)).toThrow("does not open");
    }
    expect(() => vault.open(place, "")).toThrow("does not open");
  });

  it("refuses the data key of one blob in front of the body of another", () => {
    const [one, two] = ["one", "two"].map((plain) =>
      Buffer.from(vault.seal(place, plain), "base64url"),
    );
    const headBytes = 1 + 8 + 40;
    const spliced = Buffer.concat([
      one?.subarray(0, headBytes) ?? Buffer.alloc(0),
      two?.subarray(headBytes) ?? Buffer.alloc(0),
    ]);
    expect(() => vault.open(place, spliced.toString("base64url"))).toThrow("does not open");
  });

  it("refuses an unknown version and says so", () => {
    const blob = Buffer.from(vault.seal(place, "secret"), "base64url");
    blob.writeUInt8(2, 0);
    expect(() => vault.open(place, blob.toString("base64url"))).toThrow("unknown version");
  });

  it("names the missing key when a blob was sealed under a key that is not in the file", () => {
    const blob = createVault(rotate(), systemRandom).seal(place, "secret");
    expect(() => vault.open(place, blob)).toThrow(/the master-key file has no key [0-9a-f]{16}$/);
    const stranger = createVault(generateMasterKeys(systemRandom), systemRandom);
    expect(() => stranger.open(place, vault.seal(place, "secret"))).toThrow("has no key");
  });

  it("never shows row, blob or secret in an error", () => {
    const blob = vault.seal(place, "secret");
    const error = (() => {
      try {
        vault.open({ ...place, row: "alice@example.com" }, blob);
      } catch (thrown) {
        return String(thrown);
      }
      return "";
    })();
    expect(error).toBe(
      "Error: the secret in users.srp_verifier does not open: it was changed, moved or cut",
    );
  });
});

describe("rotation of the master key", () => {
  const rotated = rotate();
  const after = createVault(rotated, systemRandom);

  it("opens what older keys sealed and seals under the new one", () => {
    expect(after.open(place, vault.seal(place, "old")).toString()).toBe("old");
    expect(() => vault.open(place, after.seal(place, "new"))).toThrow("has no key");
  });

  it("re-wraps a blob so that it outlives the old key, and leaves its ciphertext alone", () => {
    const old = vault.seal(place, "kept");
    const rewrapped = after.rewrap(place, old);
    const onlyNew = createVault({ ...rotated, keys: [rotated.keys[0]] }, systemRandom);
    expect(onlyNew.open(place, rewrapped).toString()).toBe("kept");
    expect(() => onlyNew.open(place, old)).toThrow("has no key");
    const headBytes = 1 + 8 + 40;
    expect(Buffer.from(rewrapped, "base64url").subarray(headBytes)).toEqual(
      Buffer.from(old, "base64url").subarray(headBytes),
    );
  });

  it("leaves a blob of the current key as it is, so that the job can tell when it is done", () => {
    const blob = after.seal(place, "current");
    expect(after.rewrap(place, blob)).toBe(blob);
    expect(after.rewrap(place, after.rewrap(place, vault.seal(place, "x")))).not.toBe("");
  });

  it("refuses to re-wrap a blob whose ciphertext was changed", () => {
    const blob = Buffer.from(vault.seal(place, "secret"), "base64url");
    blob.writeUInt8(blob.readUInt8(blob.length - 1) ^ 1, blob.length - 1);
    expect(() => after.rewrap(place, blob.toString("base64url"))).toThrow("does not open");
  });

  it("changes no derived key and no code digest", () => {
    expect(after.derive("cookies")).toEqual(vault.derive("cookies"));
    const subject = { purpose: "sign-up", user: "u1" };
    expect(after.macCode(subject, "123456")).toBe(vault.macCode(subject, "123456"));
  });
});

describe("derive", () => {
  it("gives 256 bits that differ by purpose and by installation", () => {
    const other = createVault(generateMasterKeys(systemRandom), systemRandom);
    const keys = [
      vault.derive("cookies"),
      vault.derive("cookie"),
      vault.derive(""),
      other.derive("cookies"),
    ];
    expect(new Set(keys.map((key) => key.toString("hex"))).size).toBe(4);
    for (const key of keys) expect(key).toHaveLength(32);
    expect(vault.derive("cookies")).toEqual(vault.derive("cookies"));
  });

  it("hands out a copy that a caller may wipe", () => {
    vault.derive("wiped").fill(0);
    expect(vault.derive("wiped")).not.toEqual(Buffer.alloc(32));
  });
});

describe("macCode", () => {
  const digest = vault.macCode({ purpose: "sign-up", user: "u1" }, "123456");

  it("gives the same digest for the same code, purpose and user", () => {
    expect(vault.macCode({ purpose: "sign-up", user: "u1" }, "123456")).toBe(digest);
    expect(digest).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it.each([
    ["code", { purpose: "sign-up", user: "u1" }, "123457"],
    ["purpose", { purpose: "forgot-password", user: "u1" }, "123456"],
    ["user", { purpose: "sign-up", user: "u2" }, "123456"],
    ["digit that moved from the code to the user", { purpose: "sign-up", user: "u11" }, "23456"],
  ])("gives another digest for another %s", (_, subject, code) => {
    expect(vault.macCode(subject, code)).not.toBe(digest);
  });

  it("cannot be computed without the derivation secret", () => {
    const other = createVault(generateMasterKeys(systemRandom), systemRandom);
    expect(other.macCode({ purpose: "sign-up", user: "u1" }, "123456")).not.toBe(digest);
  });
});

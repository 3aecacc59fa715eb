/** The client's side of Cognito's SRP, and the power that both sides are made of. */
import {
  constants,
  createHmac,
  createPublicKey,
  hash,
  hkdfSync,
  publicEncrypt,
  randomBytes,
} from "node:crypto";

/** The 3072-bit prime of RFC 3526 §5. */
const modulusHex =
  "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404dd" +
  "ef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed" +
  "ee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f" +
  "83655d23dca3ad961c62f356208552bb9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e462e36ce3b" +
  "e39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf6955817183995497cea956ae515d2261898fa0510" +
  "15728e5a8aaac42dad33170d04507a33a85521abdf1cba64ecfb850458dbef0a8aea71575d060c7db3970f85a6e1e4c7" +
  "abf5ae8cdb0933d71e8c94e04a25619dcee3d2261ad2ee6bf12ffa06d98a0864d87602733ec86a64521f2b18177b200c" +
  "bbe117577a615d6c770988c0bad946e208e24fa074e5ab3143db5bfce0fd108e4b82d120a93ad2caffffffffffffffff";
const modulusBase64url = Buffer.from(modulusHex, "hex").toString("base64url");
const N = BigInt(`0x${modulusHex}`);
const g = 2n;

/** base ^ exponent mod N as the server computes it: an RSA public operation without padding, its key made each time. */
export function power(base: bigint, exponent: bigint): bigint {
  const e = bytesOf(exponent).toString("base64url");
  const key = createPublicKey({ key: { kty: "RSA", n: modulusBase64url, e }, format: "jwk" });
  const input = Buffer.from(base.toString(16).padStart(768, "0"), "hex");
  return integerOf(publicEncrypt({ key, padding: constants.RSA_NO_PADDING }, input));
}

/** A random number of as many bits as the exponents of a server have. */
export function randomExponent(): bigint {
  return integerOf(randomBytes(32)) | (1n << 255n);
}

export type SrpChallenge = {
  readonly SALT: string;
  readonly SECRET_BLOCK: string;
  readonly SRP_B: string;
  readonly USER_ID_FOR_SRP: string;
};

export type SrpClient = {
  readonly srpA: string;
  /** The answer to PASSWORD_VERIFIER. */
  answer(challenge: SrpChallenge): Record<string, string>;
};

/**
 * A client that knows a password. What does not change between two sign-ins is computed once, so that it spends one power
 * a sign-in and a measured server is the slower side.
 */
export function createSrpClient(userPoolId: string, password: string): SrpClient {
  const poolName = userPoolId.slice(userPoolId.indexOf("_") + 1);
  const k = integerOf(sha256(pad(N), pad(g)));
  const a = randomExponent();
  const A = power(g, a);
  let known: { salt: string; x: bigint; masked: bigint } | undefined;
  return {
    srpA: A.toString(16),
    answer({ SALT, SECRET_BLOCK, SRP_B, USER_ID_FOR_SRP }) {
      if (known?.salt !== SALT) {
        const secret = sha256(Buffer.from(`${poolName}${USER_ID_FOR_SRP}:${password}`));
        const x = integerOf(sha256(pad(BigInt(`0x${SALT}`)), secret));
        known = { salt: SALT, x, masked: (k * power(g, x)) % N };
      }
      const B = BigInt(`0x${SRP_B}`);
      const u = integerOf(sha256(pad(A), pad(B)));
      const S = power((B - known.masked + N) % N, a + u * known.x);
      const key = new Uint8Array(hkdfSync("sha256", pad(S), pad(u), "Caldera Derived Key", 16));
      const timestamp = timestampOf(new Date());
      const signature = createHmac("sha256", key)
        .update(poolName)
        .update(USER_ID_FOR_SRP)
        .update(Buffer.from(SECRET_BLOCK, "base64"))
        .update(timestamp)
        .digest("base64");
      return {
        USERNAME: USER_ID_FOR_SRP,
        PASSWORD_CLAIM_SECRET_BLOCK: SECRET_BLOCK,
        PASSWORD_CLAIM_SIGNATURE: signature,
        TIMESTAMP: timestamp,
      };
    },
  };
}

/** Java's `EEE MMM d HH:mm:ss z yyyy`, which is what clients of Cognito sign. */
function timestampOf(moment: Date): string {
  const [weekday = "", day, month, year, time] = moment.toUTCString().split(" ");
  return `${weekday.slice(0, 3)} ${month} ${Number(day)} ${time} UTC ${year}`;
}

/** As Java's BigInteger writes a number: a zero byte in front if the top bit is set. */
function pad(number: bigint): Buffer {
  const bytes = bytesOf(number);
  return bytes.readUInt8(0) < 0x80 ? bytes : Buffer.concat([Buffer.alloc(1), bytes]);
}

function bytesOf(number: bigint): Buffer {
  const hex = number.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
}

function integerOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
}

function sha256(...parts: readonly Uint8Array[]): Buffer {
  return hash("sha256", Buffer.concat(parts), "buffer");
}

import { formatAmzDate, parseAmzDate } from "./amz-date.ts";
import {
  type CredentialScope,
  type PresentedSignature,
  splitCredential,
} from "./presented-signature.ts";
import {
  echo,
  incompleteSignature,
  invalidSignature,
  malformed,
  mismatch,
  type SignatureRefusal,
} from "./refusal.ts";

/** What a signature has to be made for, and when. */
export type VerifyOptions = {
  /** Real time: a product clock that is moved for tests does not move the window of a signature. */
  nowMs: number;
  /** The service and regions of what the request reaches; without regions any well-formed one passes. */
  expected: { service: string; regions?: readonly string[] };
};

/** The claims of a signature that passed every check short of the signature itself. */
export type CheckedClaims = {
  ok: true;
  signedAtMs: number;
  signedHeaders: readonly string[];
  scope: CredentialScope;
};

export const algorithm = "AWS4-HMAC-SHA256";
const terminator = "aws4_request";
const maxSignedHeaders = 100;
const skewSeconds = 900;
const maxExpiresSeconds = 604_800;

/** Checks all that needs no key, in the order AWS answers: date, signed headers, algorithm, credential, scope. */
export function checkClaims(
  presented: PresentedSignature,
  options: VerifyOptions,
): CheckedClaims | SignatureRefusal {
  const signedAtMs = parseAmzDate(presented.timestamp);
  if (signedAtMs === undefined) {
    return incompleteSignature(
      `Date must be in ISO-8601 'basic format'. Got '${echo(presented.timestamp)}'. See http://en.wikipedia.org/wiki/ISO_8601`,
      "unreadable date",
    );
  }
  const signedHeaders = presented.signedHeaders.split(";");
  const refusal =
    checkWindow(presented, signedAtMs, options) ??
    checkSignedHeaders(presented, signedHeaders) ??
    checkAlgorithm(presented.algorithm);
  if (refusal) return refusal;
  const credential = splitCredential(presented.credential);
  if (!credential) {
    return incompleteSignature(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${echo(presented.credential)}'`,
      "malformed credential",
    );
  }
  const { scope } = credential;
  return (
    checkScope(scope, credential.terminator, {
      timestamp: presented.timestamp,
      expected: options.expected,
    }) ?? {
      ok: true,
      signedAtMs,
      signedHeaders,
      scope,
    }
  );
}

function checkWindow(
  presented: PresentedSignature,
  signedAtMs: number,
  { nowMs, expected }: VerifyOptions,
): SignatureRefusal | undefined {
  let validSeconds = skewSeconds;
  if (presented.form === "query") {
    const expires = checkExpires(presented.expires, expected.service);
    if (typeof expires === "object") return expires;
    // Outside S3 AWS lets no presigned request outlive the skew, whatever it asks for (seen on STS and IoT).
    validSeconds =
      expected.service === "s3" ? (expires ?? 0) : Math.min(expires ?? skewSeconds, skewSeconds);
  }
  const [signedAt, now] = [formatAmzDate(signedAtMs), formatAmzDate(nowMs)];
  if (signedAtMs > nowMs + skewSeconds * 1000) {
    const latest = formatAmzDate(nowMs + skewSeconds * 1000);
    return invalidSignature(
      `Signature not yet current: ${signedAt} is still later than ${latest} (${now} + ${duration(skewSeconds)})`,
      "signed in the future",
    );
  }
  if (signedAtMs < nowMs - validSeconds * 1000) {
    const earliest = formatAmzDate(nowMs - validSeconds * 1000);
    return invalidSignature(
      `Signature expired: ${signedAt} is now earlier than ${earliest} (${now} - ${duration(validSeconds)})`,
      "signature expired",
    );
  }
  return undefined;
}

const duration = (seconds: number): string =>
  seconds % 60 === 0 ? `${seconds / 60} min.` : `${seconds} sec.`;

/** The asked lifetime in seconds, or undefined where a service does not ask for one. */
function checkExpires(
  expires: string | undefined,
  service: string,
): number | undefined | SignatureRefusal {
  if (expires === undefined && service !== "s3") return undefined;
  if (expires === undefined) {
    return incompleteSignature(
      "AWS query-string parameters must include 'X-Amz-Expires'. Re-examine the query-string parameters.",
      "presigned without a lifetime",
    );
  }
  if (!/^-?\d{1,10}$/.test(expires))
    return incompleteSignature("X-Amz-Expires should be a number", "unreadable lifetime");
  const seconds = Number(expires);
  if (seconds < 1)
    return incompleteSignature("X-Amz-Expires must be non-negative", "lifetime below one second");
  if (seconds > maxExpiresSeconds) {
    return incompleteSignature(
      "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds",
      "lifetime too long",
    );
  }
  return seconds;
}

function checkSignedHeaders(
  { headers }: PresentedSignature,
  signedHeaders: readonly string[],
): SignatureRefusal | undefined {
  if (!signedHeaders.includes("host")) {
    return invalidSignature(
      "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
      "host unsigned",
    );
  }
  if (signedHeaders.length > maxSignedHeaders) return malformed("too many signed headers");
  const covered = new Set(signedHeaders);
  for (const name of headers.keys()) {
    if (name.startsWith("x-amz-") && !covered.has(name)) {
      return invalidSignature(
        `'${echo(name)}' must be a 'SignedHeader' in the AWS Authorization.`,
        `unsigned: ${echo(name)}`,
      );
    }
  }
  // Lower case, sorted and unique is the only spelling the canonical request has.
  const wellFormed = signedHeaders.every(
    (name, i) =>
      /^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name) && (i === 0 || (signedHeaders[i - 1] ?? "") < name),
  );
  return wellFormed ? undefined : mismatch("signed headers not lower-case, sorted and unique");
}

const checkAlgorithm = (name: string): SignatureRefusal | undefined =>
  name === algorithm
    ? undefined
    : incompleteSignature(`Unsupported AWS 'algorithm': '${echo(name)}'.`, "unsupported algorithm");

function checkScope(
  scope: CredentialScope,
  foundTerminator: string,
  { timestamp, expected }: { timestamp: string; expected: VerifyOptions["expected"] },
): SignatureRefusal | undefined {
  const sentences: string[] = [];
  const regionPasses = expected.regions
    ? expected.regions.includes(scope.region)
    : /^[a-z0-9-]{1,64}$/.test(scope.region);
  if (!regionPasses)
    sentences.push(`Credential should be scoped to a valid region, not '${echo(scope.region)}'. `);
  if (scope.service !== expected.service) {
    sentences.push(`Credential should be scoped to correct service: '${expected.service}'. `);
  }
  if (foundTerminator !== terminator) {
    sentences.push(
      `Credential should be scoped with a valid terminator: '${terminator}', not '${echo(foundTerminator)}'. `,
    );
  }
  const day = timestamp.slice(0, 8);
  if (scope.date !== day) {
    sentences.push(
      "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: " +
        `'${echo(scope.date)}' != '${day}', from '${timestamp}'.`,
    );
  }
  return sentences.length > 0
    ? invalidSignature(sentences.join(""), "credential scope")
    : undefined;
}

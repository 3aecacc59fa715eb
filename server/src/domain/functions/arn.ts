/** ARNs of functions, and the patterns that permissions have for those of callers. */

export type FunctionName = { readonly region: string; readonly name: string };

export function functionArn({ region, name }: FunctionName, accountId: string): string {
  return `arn:aws:lambda:${region}:${accountId}:function:${name}`;
}

const form = /^arn:aws:lambda:([a-z0-9-]{1,32}):(\d{12}):function:([\w-]{1,64})(?::\$LATEST)?$/;

/**
 * The function that an ARN names, or undefined where it names none of this account. There are no versions and aliases
 * here, so what names one names nothing: it means another function than the latest.
 */
export function readFunctionArn(arn: string, accountId: string): FunctionName | undefined {
  const [, region, account, name] = form.exec(arn) ?? [];
  return region && name && account === accountId ? { region, name } : undefined;
}

/** IAM's ArnLike: each of the six parts by itself, where `*` stands for any text and `?` for one character. */
export function isArnLike(arn: string, pattern: string): boolean {
  const parts = partsOf(arn);
  const patterns = partsOf(pattern);
  return (
    parts.length === 6 &&
    patterns.length === 6 &&
    patterns.every((each, index) => matches(parts[index] ?? "", each))
  );
}

/** The sixth is all the rest. */
function partsOf(arn: string): string[] {
  const parts = arn.split(":");
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(":")];
}

/** Goes back to the last star alone, so that no pattern takes long. */
function matches(text: string, pattern: string): boolean {
  let at = 0;
  let inPattern = 0;
  let star = -1;
  let taken = 0;
  while (at < text.length) {
    const expected = pattern[inPattern];
    if (expected === "*") {
      star = inPattern++;
      taken = at;
    } else if (expected === "?" || (expected !== undefined && expected === text[at])) {
      at++;
      inPattern++;
    } else if (star >= 0) {
      inPattern = star + 1;
      at = ++taken;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(inPattern));
}

/** What a user agent says of itself, as people know it. Anybody can claim anything in it, so nothing is decided by it. */

const software: readonly (readonly [name: string, pattern: RegExp])[] = [
  // Those that call themselves by the names of others too come first.
  ["Edge", /\bEdg(?:e|A|iOS)?\/(\d{1,4})/],
  ["Opera", /\bOPR\/(\d{1,4})/],
  ["Samsung Internet", /\bSamsungBrowser\/(\d{1,4})/],
  ["Firefox", /\b(?:Firefox|FxiOS)\/(\d{1,4})/],
  ["Chrome", /\b(?:Chrome|CriOS)\/(\d{1,4})/],
  ["Safari", /\bVersion\/(\d{1,4})[\d.]{0,16} (?:Mobile\/\w{1,16} )?Safari\//],
  ["AWS CLI", /\baws-cli\/(\d{1,4})/],
  ["AWS SDK", /\baws-sdk-[\w-]{1,32}\/(\d{1,4})/],
  ["Boto3", /\bBoto3\/(\d{1,4})/],
  ["curl", /^curl\/(\d{1,4})/],
];

const systems: readonly (readonly [name: string, pattern: RegExp])[] = [
  ["Windows 10", /\bWindows NT 10\.0\b/],
  ["Windows", /\bWindows\b|\bwin32\b/],
  ["iOS", /\biPhone OS (\d{1,3})/],
  ["iPadOS", /\biPad; CPU OS (\d{1,3})/],
  ["iOS", /\biPhone\b|\biPod\b/],
  ["Android", /\bAndroid (\d{1,3})/],
  ["Android", /\bAndroid\b/],
  ["Chrome OS", /\bCrOS\b/],
  ["Mac OS X", /\bMac OS X\b|\bmacos\b|\bdarwin\b/],
  ["Linux", /\blinux\b/i],
];

/** The program and the system of a user agent, such as `Chrome 126, Windows 10`; `unknown` when it names neither. */
export function deviceName(userAgent: string): string {
  const names = [named(software, userAgent), named(systems, userAgent)];
  return names.filter((name) => name !== undefined).join(", ") || "unknown";
}

function named(
  table: readonly (readonly [string, RegExp])[],
  userAgent: string,
): string | undefined {
  for (const [name, pattern] of table) {
    const found = pattern.exec(userAgent);
    if (found) return found[1] === undefined ? name : `${name} ${found[1]}`;
  }
  return undefined;
}

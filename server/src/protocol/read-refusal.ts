/** What an AWS JSON error answer says; undefined when the body is no such answer. */
export function readRefusal(body: string): { code: string; message: string } | undefined {
  const { __type: code, message } = readObject(body);
  if (typeof code !== "string") return undefined;
  return { code, message: typeof message === "string" ? message : "" };
}

function readObject(body: string): { __type?: unknown; message?: unknown } {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    // A proxy in front answers in its own words.
    return {};
  }
}

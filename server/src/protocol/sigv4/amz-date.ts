const basicFormat = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/** Reads an ISO 8601 basic timestamp (20150830T123600Z); undefined when it names no real second. */
export function parseAmzDate(text: string): number | undefined {
  const parts = basicFormat.exec(text);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  // The 31st of a shorter month must not roll over into the next.
  return Number.isNaN(ms) || formatAmzDate(ms) !== text ? undefined : ms;
}

/** Writes a moment in ISO 8601 basic format. */
export const formatAmzDate = (ms: number): string =>
  `${new Date(ms).toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;

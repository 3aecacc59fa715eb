/** TIMESTAMP of PASSWORD_VERIFIER: Java's `EEE MMM d HH:mm:ss z yyyy`, English, UTC. */

const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const format = new RegExp(
  `^(?:${days.join("|")}) (${months.join("|")}) (\\d{1,2}) (\\d{2}):(\\d{2}):(\\d{2}) UTC (\\d{4})$`,
);

export type SrpTimestamp = {
  readonly epochMs: number;
  /** The same moment as clients write it: day of the month without a leading zero, the weekday that it was. */
  readonly canonical: string;
};

/** Reads the timestamp that a client signed; undefined if it has another format or is no moment of the calendar. */
export function parseSrpTimestamp(timestamp: string): SrpTimestamp | undefined {
  const [, month = "", ...numbers] = format.exec(timestamp) ?? [];
  const [day = 0, hour = 0, minute = 0, second = 0, year = 0] = numbers.map(Number);
  const moment = new Date(Date.UTC(year, months.indexOf(month), day, hour, minute, second));
  // Date carries a 31st of June over to July; a field that moved was not a date.
  const isReal =
    moment.getUTCDate() === day &&
    moment.getUTCHours() === hour &&
    moment.getUTCMinutes() === minute &&
    moment.getUTCSeconds() === second;
  if (month === "" || !isReal) return undefined;
  return { epochMs: moment.getTime(), canonical: formatSrpTimestamp(moment) };
}

function formatSrpTimestamp(moment: Date): string {
  const time = moment.toISOString().slice(11, 19);
  return `${days[moment.getUTCDay()]} ${months[moment.getUTCMonth()]} ${moment.getUTCDate()} ${time} UTC ${moment.getUTCFullYear()}`;
}

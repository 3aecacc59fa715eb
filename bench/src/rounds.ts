/** Rounds: everything that is compared is measured turn by turn, so that a busy moment of the machine hits all alike. */

/** One operation of one client, from its request to its checked answer. */
export type Work = () => Promise<void>;

/** Measures for so long; answers how many a second. */
export type Gauge = (seconds: number) => Promise<number>;

export type Plan = {
  readonly rounds: number;
  readonly seconds: number;
};

/** What the gauges of one experiment showed, by name, one value a round. */
export type Readings<Name extends string> = Readonly<Record<Name, readonly number[]>>;

/** Until all clients are under way. */
export const APPROACH_SECONDS = 0.1;

/** A gauge of clients that each send their next request when the last one was answered. */
export function gaugeOf(works: readonly Work[]): Gauge {
  return async (seconds) => {
    const from = performance.now() + APPROACH_SECONDS * 1000;
    const until = from + seconds * 1000;
    let done = 0;
    const repeat = async (work: Work) => {
      for (let now = 0; now < until; ) {
        await work();
        now = performance.now();
        if (now >= from && now < until) done++;
      }
    };
    await Promise.all(works.map(repeat));
    return done / seconds;
  };
}

/** Reads all gauges, round by round, after one that does not count: a server runs at its speed when its code is warm. */
export async function readGauges<Name extends string>(
  gauges: Readonly<Record<Name, Gauge>>,
  plan: Plan,
): Promise<Readings<Name>> {
  const names = Object.keys(gauges) as Name[];
  const readings = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<
    Name,
    number[]
  >;
  for (const name of names) await gauges[name](plan.seconds);
  for (let round = 0; round < plan.rounds; round++) {
    for (const name of names) readings[name].push(await gauges[name](plan.seconds));
  }
  return readings;
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

/** Of each round, how one reading compares to another. */
export function ratios(of: readonly number[], to: readonly number[]): number[] {
  return of.map((value, round) => value / (to[round] ?? Number.NaN));
}

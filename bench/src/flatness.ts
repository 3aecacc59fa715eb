/** How little the number of users matters. */
import { type Engine, getUserWorks } from "./experiments.ts";
import type { Installations, PoolhouseSite } from "./installations.ts";
import { gaugeOf, type Plan, readGauges, type Work } from "./rounds.ts";
import * as works from "./works.ts";

/** The same operation with few and with many users, one value a round. */
export type FlatnessResult = {
  readonly title: string;
  readonly engine: Engine;
  readonly few: readonly number[];
  readonly many: readonly number[];
};

/** Measures how much slower many users make what looks for one of them. */
export async function measureFlatness(
  { sqlite, postgres }: Pick<Installations, Engine>,
  plan: Plan,
): Promise<FlatnessResult[]> {
  const results: FlatnessResult[] = [];
  const kinds: [string, (site: PoolhouseSite) => Promise<Work[]> | Work[]][] = [
    ["GetUser", getUserWorks],
    ["Sign-in by SRP", (site) => works.eachUser(site, works.srpWork)],
    [
      "AdminGetUser by e-mail address",
      ({ pool, connections, loaded }) =>
        connections.map((each) => works.adminGetUserWork(each, pool, loaded)),
    ],
  ];
  for (const [title, worksOf] of kinds) {
    for (const [engine, { small, large }] of [
      ["sqlite", sqlite],
      ["postgres", postgres],
    ] as const) {
      const gauges = {
        few: gaugeOf(await worksOf(small)),
        many: gaugeOf(await worksOf(large)),
      };
      results.push({ title, engine, ...(await readGauges(gauges, plan)) });
    }
  }
  return results;
}

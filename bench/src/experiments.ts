/** The five operations, on both engines, at their limits and at the peer; and how little the number of users matters. */
import type { Installations, PoolhouseSite, Sites } from "./installations.ts";
import { argon2id, srpArithmetic, twoSignatures } from "./limits.ts";
import { type Gauge, gaugeOf, type Plan, readGauges, type Work } from "./rounds.ts";
import * as works from "./works.ts";

export type Engine = "sqlite" | "postgres";
type PerEngine<T> = Readonly<Record<Engine, T>>;
type Values = readonly number[];

/** What the limit, both engines and the peer did, one value a round. */
export type OperationResult = {
  readonly title: string;
  readonly limit: string;
  /** The part of the limit that Poolhouse wants to reach. */
  readonly aim: number;
  readonly limits: PerEngine<Values>;
  readonly rates: PerEngine<Values>;
  /** Undefined where the peer does not have the operation. */
  readonly peer: { readonly rates: Values; readonly leavesOut: string } | undefined;
};

type Experiment = Pick<OperationResult, "limit" | "aim"> & {
  /** One gauge where the engine does not matter. */
  readonly limits: Gauge | PerEngine<Gauge>;
  readonly rates: PerEngine<Gauge>;
  readonly peer?: { readonly rate: Gauge; readonly leavesOut: string };
};

const makers: Readonly<Record<string, (installations: Installations) => Promise<Experiment>>> = {
  "Refresh (GetTokensFromRefreshToken)": refresh,
  "Sign-in by SRP": srpSignIn,
  "Sign-in by password": passwordSignIn,
  GetUser: getUser,
  DescribeUserPool: describeUserPool,
};

/** Measures the operations whose title contains `only`. */
export async function measureOperations(
  installations: Installations,
  plan: Plan,
  only: string,
): Promise<OperationResult[]> {
  const results: OperationResult[] = [];
  for (const [title, make] of Object.entries(makers)) {
    if (!title.includes(only)) continue;
    results.push({ title, ...(await measure(await make(installations), plan)) });
  }
  return results;
}

async function measure(
  experiment: Experiment,
  plan: Plan,
): Promise<Omit<OperationResult, "title">> {
  const { limit, aim, limits, rates, peer } = experiment;
  const nothing: Gauge = async () => Number.NaN;
  const isShared = typeof limits === "function";
  const read = await readGauges(
    {
      sqliteLimit: isShared ? limits : limits.sqlite,
      sqlite: rates.sqlite,
      postgresLimit: isShared ? nothing : limits.postgres,
      postgres: rates.postgres,
      peer: peer?.rate ?? nothing,
    },
    plan,
  );
  const { sqliteLimit, postgresLimit, sqlite, postgres } = read;
  return {
    limit,
    aim,
    limits: { sqlite: sqliteLimit, postgres: isShared ? sqliteLimit : postgresLimit },
    rates: { sqlite, postgres },
    peer: peer && { rates: read.peer, leavesOut: peer.leavesOut },
  };
}

async function refresh({ peer, ...engines }: Installations): Promise<Experiment> {
  return {
    limit: "two RS256 signatures",
    aim: 0.7,
    limits: twoSignatures,
    rates: await onBoth(engines, ({ small }) => works.eachUser(small, works.refreshWork)),
    peer: {
      rate: gaugeOf(await works.eachUser(peer, works.peerRefreshWork)),
      leavesOut: "rotation, audit, durable writes",
    },
  };
}

async function srpSignIn({ peer: _, ...engines }: Installations): Promise<Experiment> {
  return {
    limit: "three 3072-bit powers, two RS256 signatures",
    aim: 0.6,
    limits: srpArithmetic,
    rates: await onBoth(engines, ({ small }) => works.eachUser(small, works.srpWork)),
  };
}

async function passwordSignIn({ peer, ...engines }: Installations): Promise<Experiment> {
  return {
    limit: "argon2id, 19 MiB, two passes",
    aim: 0.8,
    limits: argon2id,
    rates: await onBoth(engines, ({ small }) => works.eachUser(small, works.passwordWork)),
    peer: {
      rate: gaugeOf(await works.eachUser(peer, works.passwordWork)),
      leavesOut: "hashing (it keeps passwords in clear), locks, audit, durable writes",
    },
  };
}

async function getUser({ peer, ...engines }: Installations): Promise<Experiment> {
  const peerTokens = await works.signInSome(peer, peer.pool.users);
  return {
    limit: "bare Fastify route, RS256 check, raw read",
    aim: 0.6,
    limits: await onBoth(engines, ({ small, bare }) =>
      bare.connections.map((each) => works.getUserWork(each, small.accessTokens)),
    ),
    rates: await onBoth(engines, ({ small }) => getUserWorks(small)),
    peer: {
      rate: gaugeOf(peer.connections.map((each) => works.getUserWork(each, peerTokens))),
      leavesOut: "the token's signature, expiry and revocation",
    },
  };
}

async function describeUserPool({ peer, ...engines }: Installations): Promise<Experiment> {
  return {
    limit: "bare Fastify route, SigV4 check, raw read",
    aim: 0.6,
    limits: await onBoth(engines, ({ small: { pool }, bare: { target, connections } }) =>
      connections.map((each) => works.describeWork(each, { ...pool, target })),
    ),
    rates: await onBoth(engines, ({ small: { pool, connections } }) =>
      connections.map((each) => works.describeWork(each, pool)),
    ),
    peer: {
      rate: gaugeOf(peer.connections.map((each) => works.peerDescribeWork(each, peer.pool))),
      leavesOut: "the signature: it answers anybody",
    },
  };
}

/** The same operation with few and with many users, one value a round. */
export type FlatnessResult = {
  readonly title: string;
  readonly engine: Engine;
  readonly few: Values;
  readonly many: Values;
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

function getUserWorks({ connections, accessTokens }: PoolhouseSite): Work[] {
  return connections.map((each) => works.getUserWork(each, accessTokens));
}

async function onBoth(
  engines: PerEngine<Sites>,
  worksOf: (sites: Sites) => Promise<Work[]> | Work[],
): Promise<PerEngine<Gauge>> {
  return {
    sqlite: gaugeOf(await worksOf(engines.sqlite)),
    postgres: gaugeOf(await worksOf(engines.postgres)),
  };
}

/** The operations, on both engines, at their limits and at the peer. */

import { customWorks } from "./custom-sign-in.ts";
import * as hosted from "./hosted-sign-in.ts";
import type { Installations, PoolhouseSite, Sites } from "./installations.ts";
import {
  argon2id,
  oneSignature,
  passkeyArithmetic,
  srpArithmetic,
  twoSignatures,
} from "./limits.ts";
import { passkeyWorks } from "./passkey-sign-in.ts";
import {
  APPROACH_SECONDS,
  type Gauge,
  gaugeOf,
  type Plan,
  readGauges,
  type Work,
} from "./rounds.ts";
import { totpWorks } from "./totp-sign-in.ts";
import * as works from "./works.ts";

export type Engine = "sqlite" | "postgres";
type PerEngine<T> = Readonly<Record<Engine, T>>;
type Values = readonly number[];

/** What the peer does not have. */
type Lack = { readonly lacks: string };

/** What the limit, both engines and the peer did, one value a round. */
export type OperationResult = {
  readonly title: string;
  readonly limit: string;
  /** The part of the limit that Poolhouse wants to reach. */
  readonly aim: number;
  readonly limits: PerEngine<Values>;
  readonly rates: PerEngine<Values>;
  readonly peer: { readonly rates: Values; readonly leavesOut: string } | Lack;
};

type Experiment = Pick<OperationResult, "limit" | "aim"> & {
  /** One gauge where the engine does not matter. */
  readonly limits: Gauge | PerEngine<Gauge>;
  readonly rates: PerEngine<Gauge>;
  readonly peer: { readonly rate: Gauge; readonly leavesOut: string } | Lack;
};

type Maker = (installations: Installations, plan: Plan) => Promise<Experiment>;

const makers: Readonly<Record<string, Maker>> = {
  "Refresh (GetTokensFromRefreshToken)": refresh,
  "Sign-in by SRP": srpSignIn,
  "Sign-in by password": passwordSignIn,
  "Sign-in by password and TOTP": totpSignIn,
  "Sign-in by passkey": passkeySignIn,
  "Custom challenge by a local module": customSignIn,
  "Hosted sign-in, from authorize to tokens": hostedSignIn,
  "Sign-in page": signInPage,
  "Token endpoint, refresh": tokenRefresh,
  "Token endpoint, client credentials": clientCredentials,
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
    results.push({ title, ...(await measure(await make(installations, plan), plan)) });
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
      peer: "lacks" in peer ? nothing : peer.rate,
    },
    plan,
  );
  const { sqliteLimit, postgresLimit, sqlite, postgres } = read;
  return {
    limit,
    aim,
    limits: { sqlite: sqliteLimit, postgres: isShared ? sqliteLimit : postgresLimit },
    rates: { sqlite, postgres },
    peer: "lacks" in peer ? peer : { rates: read.peer, leavesOut: peer.leavesOut },
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

async function srpSignIn(engines: Installations): Promise<Experiment> {
  return {
    limit: "three 3072-bit powers, two RS256 signatures",
    aim: 0.6,
    limits: srpArithmetic,
    rates: await onBoth(engines, ({ small }) => works.eachUser(small, works.srpWork)),
    peer: { lacks: "SRP" },
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

async function totpSignIn(engines: Installations, plan: Plan): Promise<Experiment> {
  // The warm-up and all rounds, at the most that hashing allows and a quarter more; everybody has two codes at once.
  const seconds = (plan.rounds + 1) * (plan.seconds + APPROACH_SECONDS);
  const users = Math.ceil(((await argon2id(0.3)) * seconds * 1.25) / 2);
  return {
    limit: "argon2id, 19 MiB, two passes",
    aim: 0.8,
    limits: argon2id,
    rates: await onBoth(engines, ({ small }) => totpWorks(small.pool, users + works.clients)),
    peer: { lacks: "sign-in by an app's codes" },
  };
}

async function passkeySignIn(engines: Installations): Promise<Experiment> {
  return {
    limit: "one ES256 check, two RS256 signatures",
    aim: 0.4,
    limits: passkeyArithmetic,
    rates: await onBoth(engines, ({ small }) => passkeyWorks(small.pool)),
    peer: { lacks: "passkeys" },
  };
}

async function customSignIn(engines: Installations): Promise<Experiment> {
  return {
    limit: "two RS256 signatures",
    aim: 0.3,
    limits: twoSignatures,
    rates: await onBoth(engines, ({ small }) => customWorks(small.pool)),
    peer: { lacks: "custom challenges" },
  };
}

async function hostedSignIn(engines: Installations): Promise<Experiment> {
  return {
    limit: "argon2id, 19 MiB, two passes",
    aim: 0.7,
    limits: argon2id,
    rates: await onBoth(engines, ({ small }) => hosted.signInWorks(small.pool)),
    peer: { lacks: "hosted login" },
  };
}

async function signInPage(engines: Installations): Promise<Experiment> {
  return {
    limit: "bare Fastify route, 8 KB",
    aim: 0.3,
    limits: await onBoth(engines, ({ bare }) => bare.connections.map(hosted.barePageWork)),
    rates: await onBoth(engines, ({ small }) => hosted.pageWorks(small.pool)),
    peer: { lacks: "hosted login" },
  };
}

async function tokenRefresh(engines: Installations): Promise<Experiment> {
  return {
    limit: "two RS256 signatures",
    aim: 0.7,
    limits: twoSignatures,
    rates: await onBoth(engines, ({ small }) => hosted.refreshWorks(small.pool)),
    peer: { lacks: "OAuth endpoints" },
  };
}

async function clientCredentials(engines: Installations): Promise<Experiment> {
  return {
    limit: "one RS256 signature",
    aim: 0.6,
    limits: oneSignature,
    rates: await onBoth(engines, ({ small }) => hosted.clientCredentialsWorks(small.pool)),
    peer: { lacks: "OAuth endpoints" },
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

/** GetUser of users all over the table. */
export function getUserWorks({ connections, accessTokens }: PoolhouseSite): Work[] {
  return connections.map((each) => works.getUserWork(each, accessTokens));
}

async function onBoth(
  engines: Pick<Installations, Engine>,
  worksOf: (sites: Sites) => Promise<Work[]> | Work[],
): Promise<PerEngine<Gauge>> {
  return {
    sqlite: gaugeOf(await worksOf(engines.sqlite)),
    postgres: gaugeOf(await worksOf(engines.postgres)),
  };
}

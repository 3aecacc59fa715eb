/** Everything that stands while rates are measured: small and large installations on both engines, bare routes, the peer. */
import { readFileSync } from "node:fs";
import { get } from "node:https";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { BareRouteOptions } from "./bare-route.ts";
import type { Connection, Target } from "./http-client.ts";
import { loadUsers } from "./load-users.ts";
import { createPeer, type Peer } from "./peer.ts";
import { createPoolhouse, type Poolhouse } from "./poolhouse.ts";
import type { BenchUser } from "./pools.ts";
import { startPostgres } from "./postgres.ts";
import { freePort, start } from "./processes.ts";
import { clients, openConnections, signInSome } from "./works.ts";

export type Sizes = { readonly small: number; readonly large: number };

/** A server under measurement with the clients that wait to call it. */
export type Site<Pool> = { readonly pool: Pool; readonly connections: readonly Connection[] };

export type PoolhouseSite = Site<Poolhouse> & {
  /** The users that were loaded into its database. */
  readonly loaded: readonly BenchUser[];
  /** Of some of them, all over the table. */
  readonly accessTokens: readonly string[];
};

/** One engine. */
export type Sites = {
  readonly small: PoolhouseSite;
  readonly large: PoolhouseSite;
  /** A bare route over the small installation's data, with its clients. */
  readonly bare: { readonly target: Target; readonly connections: readonly Connection[] };
};

export type Installations = {
  readonly sqlite: Sites;
  readonly postgres: Sites;
  readonly peer: Site<Peer>;
  readonly postgresVersion: string;
};

type Settings = { readonly sizes: Sizes; readonly profileFolder?: string | undefined };

/** Starts and fills all of it. */
export async function install(settings: Settings): Promise<Installations> {
  const { createDatabase, version } = await startPostgres();
  const sqlite = await sitesOf(settings, async () => ({}));
  const postgres = await sitesOf(settings, async (size) => ({
    databaseUrl: await createDatabase(size),
  }));
  const pool = await createPeer({ users: clients, loaded: settings.sizes.small });
  const peer = { pool, connections: openConnections(pool.target) };
  return { sqlite, postgres, peer, postgresVersion: version };
}

/** The servers of one engine started anew, so that none is warmer than the other from what was measured before. */
export async function restarted(sites: Sites): Promise<Sites> {
  const { small, large } = sites;
  return { ...sites, small: await restartedSite(small), large: await restartedSite(large) };
}

async function restartedSite(site: PoolhouseSite): Promise<PoolhouseSite> {
  const { pool } = site;
  await pool.running.stop();
  return { ...site, pool: { ...pool, running: await start(pool.program) } };
}

async function sitesOf(
  { sizes, profileFolder }: Settings,
  place: (size: keyof Sizes) => Promise<{ databaseUrl?: string }>,
): Promise<Sites> {
  const small = await openSite({ ...(await place("small")), profileFolder }, sizes.small);
  const large = await openSite(await place("large"), sizes.large);
  const target = await startBareRoute(small.pool);
  return { small, large, bare: { target, connections: openConnections(target) } };
}

async function openSite(
  options: { databaseUrl?: string; profileFolder?: string | undefined },
  size: number,
): Promise<PoolhouseSite> {
  const pool = await createPoolhouse({ ...options, users: clients });
  const loaded = await loadUsers(pool, size);
  const connections = openConnections(pool.target);
  const site = { pool, connections, loaded };
  return { ...site, accessTokens: await signInSome(site, loaded) };
}

/** About what the sign-in page has before it is packed. */
const SIGN_IN_PAGE_BYTES = 8_000;

const bareRoute = fileURLToPath(new URL("./bare-route.ts", import.meta.url));

async function startBareRoute(poolhouse: Poolhouse): Promise<Target> {
  const { dataDir, databaseUrl, userPoolId, keys } = poolhouse;
  const port = await freePort();
  const jwks = await fetchJwks(poolhouse);
  const options: BareRouteOptions = {
    ...{ port, dataDir, databaseUrl, userPoolId, keys, jwks },
    pageBytes: SIGN_IN_PAGE_BYTES,
  };
  await start({
    command: process.execPath,
    args: [bareRoute],
    cwd: dataDir,
    env: { BARE_ROUTE: JSON.stringify(options) },
    ready: /the bare route listens/,
  });
  return { port, tls: "anybody" };
}

async function fetchJwks({
  target,
  caFile,
  userPoolId,
}: Poolhouse): Promise<BareRouteOptions["jwks"]> {
  const url = `https://localhost:${target.port}/${userPoolId}/.well-known/jwks.json`;
  const ca = readFileSync(caFile);
  const body = await new Promise<string>((resolve, reject) => {
    get(url, { ca }, (response) => void text(response).then(resolve, reject)).on("error", reject);
  });
  return (JSON.parse(body) as { keys: BareRouteOptions["jwks"] }).keys;
}

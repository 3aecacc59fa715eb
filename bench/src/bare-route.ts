/**
 * What reads are measured against: a Fastify route over TLS that checks the caller's signature, reads one row by its
 * index, and answers what is in it. A process of its own, as a server is.
 */
import { createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import Fastify from "fastify";
import pg from "pg";
import { type RootKeys, signatureCheck } from "./sigv4.ts";

export type BareRouteOptions = {
  readonly port: number;
  /** Of the installation that is measured: its certificate and, on SQLite, its database. */
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
  readonly userPoolId: string;
  /** As long as a sign-in page. */
  readonly pageBytes: number;
  readonly keys: RootKeys;
  /** The public keys of the pool. */
  readonly jwks: readonly { readonly kid: string; readonly n: string; readonly e: string }[];
};

type Read = (parameters: readonly string[]) => Promise<string> | string;

/** Serves the route until the process ends. */
async function serveBareRoute(options: BareRouteOptions): Promise<void> {
  const reads = options.databaseUrl
    ? postgresReads(options.databaseUrl)
    : sqliteReads(join(options.dataDir, "poolhouse.db"));
  const publicKeys = new Map(
    options.jwks.map(({ kid, n, e }) => [
      kid,
      createPublicKey({ key: { kty: "RSA", n, e }, format: "jwk" }),
    ]),
  );
  const isSigned = signatureCheck(options.keys);

  /** The subject of an access token whose signature is right. */
  function subjectOf(token: string): string {
    const [head = "", claims = "", signature = ""] = token.split(".");
    const { kid } = JSON.parse(Buffer.from(head, "base64url").toString()) as { kid: string };
    const key = publicKeys.get(kid);
    const signed = Buffer.from(`${head}.${claims}`);
    if (!key || !verify("sha256", signed, key, Buffer.from(signature, "base64url"))) {
      throw new Error("the token's signature is wrong");
    }
    return (JSON.parse(Buffer.from(claims, "base64url").toString()) as { sub: string }).sub;
  }

  const app = Fastify({
    https: {
      key: readFileSync(join(options.dataDir, "ca-key.pem")),
      cert: readFileSync(join(options.dataDir, "ca.pem")),
    },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.post("/", async (request, reply) => {
    const body = request.body as Buffer;
    reply.header("content-type", "application/x-amz-json-1.1");
    if (String(request.headers["x-amz-target"]).endsWith(".GetUser")) {
      const { AccessToken } = JSON.parse(body.toString()) as { AccessToken: string };
      return await reads.user([options.userPoolId, subjectOf(AccessToken)]);
    }
    if (!isSigned(request.headers, body)) throw new Error("the request's signature is wrong");
    const { UserPoolId } = JSON.parse(body.toString()) as { UserPoolId: string };
    return await reads.userPool([UserPoolId]);
  });
  const page = Buffer.alloc(options.pageBytes, "a");
  app.get("/page", async (_request, reply) => reply.type("text/html").send(page));
  await app.listen({ host: "127.0.0.1", port: options.port });
  process.stdout.write("the bare route listens\n");
}

function sqliteReads(file: string): { user: Read; userPool: Read } {
  const database = new DatabaseSync(file);
  const user = database.prepare("select * from users where user_pool_id = ? and id = ?");
  const userPool = database.prepare("select * from user_pools where id = ?");
  return {
    user: (parameters) => String(user.get(...parameters)?.["attributes"]),
    userPool: (parameters) => String(userPool.get(...parameters)?.["settings"]),
  };
}

function postgresReads(connectionString: string): { user: Read; userPool: Read } {
  const pool = new pg.Pool({ connectionString, max: 10 });
  const read = async (text: string, column: string, values: readonly string[]) => {
    const { rows } = await pool.query<Record<string, string>>({
      name: column,
      text,
      values: [...values],
    });
    return String(rows[0]?.[column]);
  };
  return {
    user: (values) =>
      read("select * from users where user_pool_id = $1 and id = $2", "attributes", values),
    userPool: (values) => read("select * from user_pools where id = $1", "settings", values),
  };
}

// Whoever starts this process wrote them.
await serveBareRoute(JSON.parse(process.env["BARE_ROUTE"] ?? "{}") as BareRouteOptions);

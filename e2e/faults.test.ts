/** What breaks around a server, and what it owes to those whom it answered. */
import { execFile } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  CodeDeliveryFailureException,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  CreateUserPoolClientCommand,
  ForgotPasswordCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  InternalErrorException,
  ListUsersCommand,
  ResendConfirmationCodeCommand,
  RevokeTokenCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type MailServer, startMail } from "./harness/mail.ts";
import {
  eventually,
  type Installation,
  makeInstallation,
  type Node,
  type NodeOptions,
  startNode,
} from "./harness/nodes.ts";
import { makePool, type OwnPool, signIn, signUp, signUpOf } from "./harness/own-pool.ts";
import { type Postgres, startPostgres } from "./harness/postgres.ts";
import { makeFolder, stopAll } from "./harness/server.ts";
import { newAddress, password } from "./harness/users.ts";

const run = promisify(execFile);
let installation: Installation;
let mail: MailServer;
let postgres: Postgres;
beforeAll(async () => {
  [installation, mail, postgres] = await Promise.all([
    makeInstallation(),
    startMail(),
    startPostgres(),
  ]);
});
afterAll(async () => {
  await stopAll();
  await mail.close();
  await postgres.stop();
});

function start(options: NodeOptions = {}): Promise<Node> {
  return startNode(installation, { smtpUrl: mail.url, ...options });
}

/** Resolves when it was called so many times. */
function counter(times: number) {
  const enough = Promise.withResolvers<void>();
  let counted = 0;
  return {
    count() {
      counted += 1;
      if (counted === times) enough.resolve();
    },
    reached: enough.promise,
  };
}

const refresh = (node: Node, { ClientId }: OwnPool, RefreshToken: string) =>
  node.client.send(new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken }));

const confirm = (node: Node, { ClientId }: OwnPool, [Username, code]: readonly [string, string]) =>
  node.client.send(new ConfirmSignUpCommand({ ClientId, Username, ConfirmationCode: code }));

const reset = (node: Node, { ClientId }: OwnPool, [Username, code]: readonly [string, string]) =>
  node.client.send(
    new ConfirmForgotPasswordCommand({
      ClientId,
      Username,
      ConfirmationCode: code,
      Password: `${password}-2`,
    }),
  );

async function statusOf({ client }: Node, { UserPoolId }: OwnPool, Username: string) {
  return (await client.send(new AdminGetUserCommand({ UserPoolId, Username }))).UserStatus;
}

/** Every one of these users is there, with the sub that the answer to the sign-up named. */
async function expectPresent(
  { client }: Node,
  { UserPoolId }: OwnPool,
  signedUp: ReadonlyMap<string, string>,
): Promise<void> {
  const subs = [...signedUp.keys()].map(async (Username) => {
    const { UserAttributes = [] } = await client.send(
      new AdminGetUserCommand({ UserPoolId, Username }),
    );
    return [Username, UserAttributes.find(({ Name }) => Name === "sub")?.Value];
  });
  expect(await Promise.all(subs)).toEqual([...signedUp]);
}

/** What clients were told, in which nothing may change behind their backs. */
class Acknowledged {
  readonly attempted = new Set<string>();
  /** By user name, the sub that the answer named. */
  readonly signedUp = new Map<string, string>();
  /** With the code that was used. */
  readonly confirmed = new Map<string, string>();
  readonly replaced: string[] = [];
  readonly revoked: string[] = [];
}

describe.each(["SQLite", "PostgreSQL"])("after kill -9 under load, on %s,", (engine) => {
  const told = new Acknowledged();
  let node: Node;
  let pool: OwnPool;
  let member: string;
  /** Of before the first crash. */
  const open = { code: "", reset: "", token: "" };
  const used = { code: "", reset: "", token: "", revoked: "", access: "", deleted: "" };
  const users = { open: "", used: "", locked: "" };

  async function openCode(): Promise<void> {
    users.open = newAddress();
    await node.client.send(signUpOf(pool.ClientId, users.open));
    open.code = await mail.code(users.open);
  }

  async function usedCodes(): Promise<void> {
    const Username = await signUp(node.client, pool, mail);
    users.used = Username;
    used.code = await mail.code(Username);
    await node.client.send(new ForgotPasswordCommand({ ClientId: pool.ClientId, Username }));
    used.reset = await mail.code(Username, 2);
    await reset(node, pool, [Username, used.reset]);
  }

  async function tokens(): Promise<void> {
    const { ClientId } = pool;
    member = await signUp(node.client, pool, mail);
    const enter = async () => (await signIn(node.client, ClientId, { username: member })).refresh;
    const [first, second, third] = [await enter(), await enter(), await enter()];
    const { AuthenticationResult } = await refresh(node, pool, first);
    open.token = AuthenticationResult?.RefreshToken ?? "";
    used.token = second;
    await refresh(node, pool, used.token);
    used.revoked = third;
    await node.client.send(new RevokeTokenCommand({ ClientId, Token: used.revoked }));
    await node.client.send(new ForgotPasswordCommand({ ClientId, Username: member }));
    open.reset = await mail.code(member, 2);
  }

  async function signedOut(): Promise<void> {
    const username = await signUp(node.client, pool, mail);
    used.access = (await signIn(node.client, pool.ClientId, { username })).access;
    await node.client.send(new GlobalSignOutCommand({ AccessToken: used.access }));
  }

  async function deleted(): Promise<void> {
    const { UserPoolId, ClientId } = pool;
    const username = await signUp(node.client, pool, mail);
    used.deleted = (await signIn(node.client, ClientId, { username })).access;
    await node.client.send(new AdminDeleteUserCommand({ UserPoolId, Username: username }));
  }

  const guess = (username: string) =>
    expect(signIn(node.client, pool.ClientId, { username, password: "Wrong-1-x" })).rejects.toThrow(
      "Incorrect username or password.",
    );

  async function locked(): Promise<void> {
    users.locked = await signUp(node.client, pool, mail);
    for (let n = 0; n < 5; n++) await guess(users.locked);
  }

  /** Signs up, confirms, refreshes and revokes as fast as it answers until so many are signed up, and kills it then. */
  async function loadAndKill(signUps: number): Promise<void> {
    const { ClientId } = pool;
    const { count, reached } = counter(signUps);
    let killed = false;
    const worker = async (work: () => Promise<void>) => {
      while (!killed) {
        await work().catch((error: unknown) => {
          if (!killed) throw error;
        });
      }
    };
    const newcomer = async () => {
      const username = newAddress();
      told.attempted.add(username);
      const { UserSub = "" } = await node.client.send(signUpOf(ClientId, username));
      told.signedUp.set(username, UserSub);
      count();
      if (told.signedUp.size % 2 === 0) return;
      const code = await mail.code(username);
      await confirm(node, pool, [username, code]);
      told.confirmed.set(username, code);
    };
    const entered = await signIn(node.client, ClientId, { username: member });
    let current = entered.refresh;
    const refresher = async () => {
      const { AuthenticationResult } = await refresh(node, pool, current);
      told.replaced.push(current);
      current = AuthenticationResult?.RefreshToken ?? "";
    };
    const leaver = async () => {
      const { refresh: Token } = await signIn(node.client, ClientId, { username: member });
      await node.client.send(new RevokeTokenCommand({ ClientId, Token }));
      told.revoked.push(Token);
    };
    const workers = [newcomer, newcomer, newcomer, newcomer, refresher, leaver].map(worker);
    await Promise.race([reached, Promise.all(workers)]);
    killed = true;
    await node.kill();
    await Promise.all(workers);
  }

  beforeAll(async () => {
    const options = engine === "SQLite" ? {} : { databaseUrl: postgres.url };
    node = await start(options);
    pool = await makePool(node.client);
    await Promise.all([openCode(), usedCodes(), tokens(), signedOut(), deleted(), locked()]);
    for (let crash = 0; crash < 3; crash++) {
      await loadAndKill(12);
      const { dataDir, port } = node;
      node = await start({ ...options, dataDir, port });
    }
  });
  afterAll(() => node.kill());

  test("every user whose sign-up was answered is there, and no half of another", async () => {
    expect(told.signedUp.size).toBeGreaterThanOrEqual(36);
    await expectPresent(node, pool, told.signedUp);
    const present: string[] = [];
    let PaginationToken: string | undefined;
    do {
      const page = await node.client.send(
        new ListUsersCommand({ UserPoolId: pool.UserPoolId, PaginationToken }),
      );
      present.push(...(page.Users ?? []).map(({ Username = "" }) => Username));
      ({ PaginationToken } = page);
    } while (PaginationToken !== undefined);
    for (const username of told.attempted) {
      if (!present.includes(username)) continue;
      expect(["CONFIRMED", "UNCONFIRMED"]).toContain(await statusOf(node, pool, username));
    }
  });

  test("codes that were used stay used, and those that were not are good once", async () => {
    expect(told.confirmed.size).toBeGreaterThan(3);
    for (const [username, code] of told.confirmed) {
      expect(await statusOf(node, pool, username)).toBe("CONFIRMED");
      await expect(confirm(node, pool, [username, code])).rejects.toMatchObject({
        name: "NotAuthorizedException",
      });
    }
    await expect(confirm(node, pool, [users.used, used.code])).rejects.toThrow();
    await expect(reset(node, pool, [users.used, used.reset])).rejects.toMatchObject({
      name: "ExpiredCodeException",
    });
    await confirm(node, pool, [users.open, open.code]);
    await expect(confirm(node, pool, [users.open, open.code])).rejects.toThrow();
    const waiting = [...told.signedUp.keys()].find((name) => !told.confirmed.has(name)) ?? "";
    const code = await mail.code(waiting);
    // Its own confirmation may have been under way when the process was killed.
    const confirmed = await confirm(node, pool, [waiting, code]).catch(
      (error: Error) => error.name,
    );
    if (confirmed === "NotAuthorizedException") {
      expect(await statusOf(node, pool, waiting)).toBe("CONFIRMED");
    }
    await expect(confirm(node, pool, [waiting, code])).rejects.toThrow();
  });

  test("tokens that were replaced, revoked or signed out stay dead, and the others live", async () => {
    expect(told.replaced.length).toBeGreaterThan(3);
    expect(told.revoked.length).toBeGreaterThan(3);
    for (const token of [...told.replaced, used.token]) {
      await expect(refresh(node, pool, token)).rejects.toMatchObject({
        name: expect.stringMatching(/^(RefreshTokenReuse|NotAuthorized)Exception$/),
      });
    }
    for (const token of [...told.revoked, used.revoked]) {
      await expect(refresh(node, pool, token)).rejects.toMatchObject({
        name: "NotAuthorizedException",
      });
    }
    for (const AccessToken of [used.access, used.deleted]) {
      await expect(node.client.send(new GetUserCommand({ AccessToken }))).rejects.toMatchObject({
        $metadata: { httpStatusCode: 400 },
      });
    }
    const { AuthenticationResult } = await refresh(node, pool, open.token);
    const AccessToken = AuthenticationResult?.AccessToken;
    const { Username } = await node.client.send(new GetUserCommand({ AccessToken }));
    expect(Username).toBe(member);
  });

  test("failed sign-ins stay counted, and a reset code that was waiting is good once", async () => {
    // The lock of the fifth is over; that of the sixth is twice as long.
    await guess(users.locked);
    await expect(signIn(node.client, pool.ClientId, { username: users.locked })).rejects.toThrow(
      "Password attempts exceeded",
    );
    await reset(node, pool, [member, open.reset]);
    await expect(reset(node, pool, [member, open.reset])).rejects.toThrow();
    const changed = { username: member, password: `${password}-2` };
    expect((await signIn(node.client, pool.ClientId, changed)).access).not.toBe("");
  });
});

/** One call of a load, with the time that it took. */
type Call = {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly error?: unknown;
};

test("a PostgreSQL that crashes costs errors while it is down, and no user", async () => {
  const node = await start({ databaseUrl: postgres.url });
  const pool = await makePool(node.client);
  const member = await signUp(node.client, pool, mail);
  const { access } = await signIn(node.client, pool.ClientId, { username: member });
  const calls: Call[] = [];
  const signedUp = new Map<string, string>();
  const before = counter(10);
  let failures = counter(0);
  let after = counter(0);
  let stopped = false;
  const worker = async (work: () => Promise<void>) => {
    while (!stopped) {
      const startedAtMs = performance.now();
      const error = await work().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      calls.push({ startedAtMs, endedAtMs: performance.now(), error });
      if (error !== undefined) failures.count();
    }
  };
  const newcomer = async () => {
    const username = newAddress();
    const { UserSub = "" } = await node.client.send(signUpOf(pool.ClientId, username));
    signedUp.set(username, UserSub);
    before.count();
    after.count();
  };
  const reader = async () => {
    await node.client.send(new GetUserCommand({ AccessToken: access }));
  };
  const workers = [newcomer, newcomer, newcomer, newcomer, reader, reader].map(worker);
  await before.reached;
  expect(calls.filter(({ error }) => error !== undefined)).toEqual([]);

  const crashedAtMs = performance.now();
  failures = counter(20);
  await postgres.crash();
  await failures.reached;
  expect(await node.health()).toBe(503);
  await postgres.start();
  await eventually(async () => (await node.health()) === 200, "a healthy server");
  const wellAtMs = performance.now();
  after = counter(10);
  await after.reached;
  stopped = true;
  await Promise.all(workers);

  for (const { error, ...call } of calls.filter((each) => each.error !== undefined)) {
    expect(error).toBeInstanceOf(InternalErrorException);
    expect(error).toMatchObject({
      message: "Something went wrong. Try again.",
      $metadata: { httpStatusCode: 500 },
    });
    expect(call.endedAtMs).toBeGreaterThan(crashedAtMs);
    expect(call.startedAtMs).toBeLessThan(wellAtMs);
  }
  expect(signedUp.size).toBeGreaterThanOrEqual(20);
  await expectPresent(node, pool, signedUp);
  expect(await node.stop()).toBe(0);
});

test("a PostgreSQL that hangs is not waited for, and all is well when it goes on", async () => {
  const node = await start({ databaseUrl: postgres.url });
  const pool = await makePool(node.client);
  const signedUp = new Map<string, string>();
  const failure = counter(1);
  const newcomer = async () => {
    const username = newAddress();
    try {
      const { UserSub = "" } = await node.client.send(signUpOf(pool.ClientId, username));
      signedUp.set(username, UserSub);
    } catch (error) {
      expect(error).toBeInstanceOf(InternalErrorException);
      failure.count();
    }
  };
  // More than there are connections, so that some wait for one.
  const newcomers = await postgres.whileHanging(async () => {
    const asking = Array.from({ length: 15 }, newcomer);
    expect(await node.health()).toBe(503);
    await failure.reached;
    return asking;
  });
  await eventually(async () => (await node.health()) === 200, "a healthy server");
  await Promise.all([...newcomers, newcomer()]);
  expect(signedUp.size).toBeGreaterThan(0);
  await expectPresent(node, pool, signedUp);
  expect(await node.stop()).toBe(0);
});

/** Signs users up until five in a row fail; answers those who were told that they are in. */
async function signUpUntilFull(node: Node, pool: OwnPool): Promise<Map<string, string>> {
  const signedUp = new Map<string, string>();
  let failed = 0;
  while (failed < 5) {
    const username = newAddress();
    try {
      const { UserSub = "" } = await node.client.send(signUpOf(pool.ClientId, username));
      signedUp.set(username, UserSub);
      failed = 0;
    } catch (error) {
      expect(error).toBeInstanceOf(InternalErrorException);
      failed += 1;
    }
    if (signedUp.size > 200) throw new Error("the disk does not get full");
  }
  return signedUp;
}

/** After the fault: whoever was told so is in, newcomers are taken, and it stays so after a crash. */
async function expectRecovery(
  node: Node,
  pool: OwnPool,
  signedUp: ReadonlyMap<string, string>,
): Promise<void> {
  const newcomer = await signUp(node.client, pool, mail);
  await node.kill();
  const { dataDir, port } = node;
  const again = await start({ dataDir, port });
  await expectPresent(again, pool, signedUp);
  expect(await statusOf(again, pool, newcomer)).toBe("CONFIRMED");
  expect(await again.stop()).toBe(0);
}

/** Some containers do not let even root mount. */
async function mayMount(): Promise<boolean> {
  if (process.getuid?.() !== 0) return false;
  const folder = await makeFolder();
  return await run("mount", ["-t", "tmpfs", "tmpfs", folder]).then(
    async () => {
      await run("umount", [folder]);
      return true;
    },
    () => false,
  );
}

test.skipIf(!(await mayMount()))(
  "a full disk is answered with 5xx until there is room",
  async () => {
    const dataDir = await makeFolder();
    await run("mount", ["-t", "tmpfs", "-o", "size=8m,mode=0700", "tmpfs", dataDir]);
    try {
      const node = await start({ dataDir });
      const pool = await makePool(node.client);
      const early = await signUp(node.client, pool, mail);
      const filler = join(dataDir, "filler");
      await writeFile(filler, Buffer.alloc(8_000_000)).catch(() => undefined);
      const signedUp = await signUpUntilFull(node, pool);
      // What is there can still be read.
      expect(await statusOf(node, pool, early)).toBe("CONFIRMED");
      await rm(filler);
      await expectRecovery(node, pool, signedUp);
    } finally {
      await run("umount", ["--lazy", dataDir]);
    }
  },
);

test("a disk that refuses every write is answered with 5xx until it takes them again", async () => {
  const node = await start();
  const pool = await makePool(node.client);
  const early = await signUp(node.client, pool, mail);
  const limit = (size: string) => run("prlimit", ["--pid", String(node.pid), `--fsize=${size}`]);
  await limit("1:unlimited");
  const signedUp = await signUpUntilFull(node, pool);
  expect(await statusOf(node, pool, early)).toBe("CONFIRMED");
  await limit("unlimited:unlimited");
  await expectRecovery(node, pool, signedUp);
});

test("mail that cannot be sent is said, and the user who exists by then asks again", async () => {
  const node = await start();
  const pool = await makePool(node.client);
  const { ClientId } = pool;
  const Username = newAddress();
  await mail.close();
  await expect(node.client.send(signUpOf(ClientId, Username))).rejects.toBeInstanceOf(
    CodeDeliveryFailureException,
  );
  expect(await statusOf(node, pool, Username)).toBe("UNCONFIRMED");
  await expect(
    node.client.send(new ResendConfirmationCodeCommand({ ClientId, Username })),
  ).rejects.toBeInstanceOf(CodeDeliveryFailureException);
  await mail.open();
  await node.client.send(new ResendConfirmationCodeCommand({ ClientId, Username }));
  await confirm(node, pool, [Username, await mail.code(Username)]);
  expect(await statusOf(node, pool, Username)).toBe("CONFIRMED");
  expect(await node.stop()).toBe(0);
});

test("mail that was promised before a crash is sent after it", async () => {
  const node = await start();
  const pool = await makePool(node.client);
  const { UserPoolClient } = await node.client.send(
    new CreateUserPoolClientCommand({
      UserPoolId: pool.UserPoolId,
      ClientName: "says nothing",
      PreventUserExistenceErrors: "ENABLED",
    }),
  );
  const ClientId = UserPoolClient?.ClientId ?? "";
  const Username = newAddress();
  await mail.close();
  await node.client.send(signUpOf(ClientId, Username));
  await eventually(
    async () => node.output().includes("will be tried again"),
    "the first attempt to send it",
  );
  await node.kill();
  await mail.open();
  const { dataDir, port } = node;
  const again = await start({ dataDir, port });
  await confirm(again, { ...pool, ClientId }, [Username, await mail.code(Username)]);
  expect(await again.stop()).toBe(0);
});

/** A request of which the server has the head and waits for the body. */
async function openRequest({ port }: Node, target: string, body: string) {
  const socket = connect({ host: "127.0.0.1", port });
  let heard = "";
  const invited = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<string>();
  socket.on("error", (error) => {
    heard += String(error);
  });
  socket.setEncoding("utf8").on("data", (text: string) => {
    heard += text;
    if (heard.includes("100 Continue\r\n\r\n")) invited.resolve();
  });
  socket.on("close", () => ended.resolve(heard));
  socket.write(
    [
      "POST / HTTP/1.1",
      "Host: 127.0.0.1",
      "Content-Type: application/x-amz-json-1.1",
      `X-Amz-Target: AWSCognitoIdentityProviderService.${target}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      "Expect: 100-continue",
      "\r\n",
    ].join("\r\n"),
  );
  await invited.promise;
  return {
    finish: () => socket.write(body),
    /** All that the server said until it hung up. */
    answer: ended.promise,
  };
}

/** Whether nobody listens there any more. */
function refusesConnections({ port }: Node): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.once("connect", () => {
      socket.destroy();
      resolve(false);
    });
    socket.once("error", () => resolve(true));
  });
}

test("SIGTERM lets requests in flight finish, a queue of sign-ups among them, and ends with 0", async () => {
  const node = await start();
  const pool = await makePool(node.client);
  const names = Array.from({ length: 8 }, newAddress);
  const requests = await Promise.all(
    names.map((name) =>
      openRequest(node, "SignUp", JSON.stringify(signUpOf(pool.ClientId, name).input)),
    ),
  );
  const ended = node.stop();
  await eventually(() => refusesConnections(node), "the end of listening");
  for (const request of requests) request.finish();
  for (const [index, request] of requests.entries()) {
    const answer = await request.answer;
    expect(answer).toContain("HTTP/1.1 200 OK");
    expect(answer).toContain("UserSub");
    // The mail went out too, before the answer.
    expect(await mail.code(names[index] ?? "")).toMatch(/^\d{6}$/);
  }
  expect(await ended).toBe(0);
  const { dataDir, port } = node;
  const again = await start({ dataDir, port });
  for (const name of names) expect(await statusOf(again, pool, name)).toBe("UNCONFIRMED");
});

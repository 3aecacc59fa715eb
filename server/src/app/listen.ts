import { lstatSync } from "node:fs";
import { chmod, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import type { FastifyInstance } from "fastify";
import type { Address, Listen } from "../config/listen.ts";
import { showAddress } from "../config/listen.ts";
import { ConfigError } from "../config/reading.ts";

/** Lets an app listen; where it cannot, the error says what to do about it. */
export async function listenAt(app: FastifyInstance, at: Listen, setting: string): Promise<void> {
  try {
    if (at.kind !== "unix") {
      await app.listen({ host: at.host, port: at.port });
      return;
    }
    await removeDeadSocket(at.path);
    await app.listen({ path: at.path });
    // The proxy in front runs as another user of the same group.
    await chmod(at.path, 0o660);
  } catch (error) {
    throw explain(error, at, setting);
  }
}

/** The same address with a port that is free at this moment where it asks for any. */
export async function withFreePort<A extends Address>(at: A): Promise<A> {
  if (at.port !== 0) return at;
  const server = createServer();
  const port = await new Promise<number>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, at.host, () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : 0);
    });
  });
  await new Promise((resolve) => server.close(resolve));
  return { ...at, port };
}

function explain(error: unknown, at: Listen, setting: string): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const place = at.kind === "unix" ? at.path : showAddress(at);
  if (code === "EADDRINUSE") {
    const other = at.kind === "unix" ? "unix:/ANOTHER/PATH" : `${place.replace(/\d+$/, "")}PORT`;
    return new Error(
      `${place} is taken by another program: stop that one, or choose another with ${setting}=${other}`,
    );
  }
  const reasons: Record<string, string> = {
    EACCES: "this user may not listen there",
    EADDRNOTAVAIL: "this machine has no such address",
    ENOENT: "there is no such folder",
    EINVAL: "the path is too long",
  };
  const reason = typeof code === "string" ? reasons[code] : undefined;
  if (reason === undefined) return error;
  return new ConfigError([`${setting} is ${place}: ${reason}`]);
}

/** A process that was killed leaves its socket behind, and nobody can listen there until it is gone. */
async function removeDeadSocket(path: string): Promise<void> {
  // A file of another kind refuses connections as well, and is not ours to remove.
  const isSocket = lstatSync(path, { throwIfNoEntry: false })?.isSocket() ?? false;
  if (!isSocket) return;
  const isDead = await new Promise<boolean>((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(false);
    });
    socket.once("error", (error) => resolve("code" in error && error.code === "ECONNREFUSED"));
  });
  if (isDead) await rm(path);
}

/**
 * Who may talk to what only development has. A page on the web can make its reader's browser send requests to this
 * machine; the Host header gives away a name that was rebound to it, the Origin header the page.
 */
import type { FastifyReply, FastifyRequest } from "fastify";

const loopbackNames = ["localhost", "127.0.0.1", "[::1]"];

/** A hook that refuses every Host but the public URL's and this machine's own names. */
export function refuseOtherHosts(publicUrl: string) {
  const expected = new URL(publicUrl);
  const publicPort = Number(expected.port) || 443;
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const host = request.headers.host?.toLowerCase() ?? "";
    // A second listener has a port of its own.
    const ports = [publicPort, request.socket.localPort];
    const known = host === expected.host || loopbackNames.some((name) => isAt(host, name, ports));
    if (!known) {
      await reply.code(421).send({ message: `This server is at ${publicUrl}, not at that host.` });
    }
  };
}

function isAt(host: string, name: string, ports: readonly (number | undefined)[]): boolean {
  return ports.some((port) => host === `${name}:${port}` || (port === 443 && host === name));
}

/** A hook that refuses requests of pages from elsewhere. */
export async function refuseOtherOrigins(
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  reply.header("cache-control", "no-store").header("x-content-type-options", "nosniff");
  const { origin, host } = request.headers;
  const site = request.headers["sec-fetch-site"] ?? "none";
  const own = origin === undefined || hostOf(origin) === host?.toLowerCase();
  // Images and scripts are asked for without an Origin.
  if (!own || (site !== "none" && site !== "same-origin")) {
    await reply.code(403).send({ message: "Only this server's own pages and tools may ask this." });
  }
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

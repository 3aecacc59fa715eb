import type { FastifyInstance } from "fastify";

/**
 * Refuses requests for any other host (421, RFC 9110 §15.5.20). Without TLS this is what keeps a web page whose name was
 * made to point at this machine (DNS rebinding) from talking to the server.
 */
export function requireHosts(app: FastifyInstance, hosts: readonly string[]): void {
  const allowed = new Set(hosts);
  app.addHook("onRequest", async (request, reply) => {
    if (allowed.has(request.headers.host?.toLowerCase() ?? "")) return;
    await reply
      .code(421)
      .send({ message: `This listener answers for ${hosts.join(" and ")} alone.` });
  });
}

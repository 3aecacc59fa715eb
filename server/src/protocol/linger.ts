/** Ending a connection on which the client is still sending (RFC 9112 §9.6). */
import type { IncomingMessage } from "node:http";

const LINGER_MS = 2_000;
const LINGER_BYTES = 32_000_000;

/**
 * Lets the client read the answer to a request whose body is refused. A connection that is closed over unread bytes is
 * reset, and a reset takes the answer with it; so what still comes is thrown away, for a while and up to a limit.
 */
export function lingerOnClose(request: IncomingMessage): void {
  const { socket } = request;
  let left = LINGER_BYTES;
  request.on("data", (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) socket.destroy();
  });
  // What Node calls to close the connection after the answer.
  socket.destroySoon = () => {
    socket.end();
    const late = setTimeout(() => socket.destroy(), LINGER_MS);
    socket.once("close", () => clearTimeout(late));
  };
}

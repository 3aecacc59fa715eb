/**
 * A keep-alive HTTP/1.1 client that costs as little as one in JavaScript can: it writes whole requests to a socket and
 * reads answers by their content length. The client shares the machine with what it measures and must not be the slower
 * of the two.
 */
import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

/** Where a server listens on this machine, and whom it must prove to be, if it speaks TLS: `anybody` is our own process. */
export type Target = { readonly port: number; readonly tls?: { readonly ca: string } | "anybody" };

/** `head` is the status line and the headers, as they came. */
export type Answer = { readonly status: number; readonly head: string; readonly body: string };

export type Request = {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export type Connection = {
  /** Sends one request and resolves with its answer; one at a time. */
  send(request: Request): Promise<Answer>;
  /** A POST to the root, as AWS's protocols have it. */
  post(headers: Readonly<Record<string, string>>, body: string): Promise<Answer>;
  close(): void;
};

/** Far more than any single call takes; a server that hangs must not hang the bench. */
const PATIENCE_MS = 20_000;

/** A connection that stays open, and is opened again where the server closed it because nothing came for a while. */
export function connectionTo(target: Target): Connection {
  const host = `host: ${hostOf(target)}\r\n`;
  let socket: Socket | undefined;
  let received: Buffer = Buffer.alloc(0);
  let waiting: { resolve(answer: Answer): void; reject(error: Error): void } | undefined;

  function fail(error: Error): void {
    waiting?.reject(error);
    waiting = undefined;
  }

  function take(chunk: Buffer): void {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const answer = readAnswer(received);
    if (!answer) return;
    received = Buffer.alloc(0);
    const served = waiting;
    waiting = undefined;
    served?.resolve(answer);
  }

  async function reopen(): Promise<Socket> {
    const opened = await open(target);
    opened.setNoDelay(true);
    opened.on("error", fail);
    opened.on("data", take);
    opened.on("close", () => {
      if (socket === opened) socket = undefined;
      fail(new Error("the server closed the connection"));
    });
    opened.setTimeout(PATIENCE_MS, () => {
      if (waiting) opened.destroy(new Error("no answer came in time"));
    });
    return opened;
  }

  async function send({ method, path, headers, body }: Request): Promise<Answer> {
    socket ??= await reopen();
    const sending = socket;
    return new Promise((resolve, reject) => {
      waiting = { resolve, reject };
      let head = `${method} ${path} HTTP/1.1\r\n${host}`;
      for (const name in headers) head += `${name}: ${headers[name]}\r\n`;
      sending.write(`${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    });
  }

  return {
    send,
    post: (headers, body) => send({ method: "POST", path: "/", headers, body }),
    close: () => socket?.destroy(),
  };
}

/** The Host header of a target, which signatures cover. */
export function hostOf({ port }: Target): string {
  return `localhost:${port}`;
}

function open({ port, tls }: Target): Promise<Socket> {
  const address = { host: "127.0.0.1", port, servername: "localhost" };
  const trust = tls === "anybody" ? { rejectUnauthorized: false } : tls;
  return new Promise((resolve, reject) => {
    const socket = trust
      ? connectTls({ ...address, ...trust }, () => resolve(socket))
      : connectPlain(address, () => resolve(socket));
    socket.once("error", reject);
  });
}

/** The answer once all of it is here. */
function readAnswer(bytes: Buffer): Answer | undefined {
  const headEnd = bytes.indexOf("\r\n\r\n");
  if (headEnd < 0) return undefined;
  const head = bytes.toString("latin1", 0, headEnd);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined) throw new Error(`an answer without a content length: ${head}`);
  const end = headEnd + 4 + Number(length);
  if (bytes.length < end) return undefined;
  const body = bytes.toString("utf8", headEnd + 4, end);
  return { status: Number(head.slice(9, 12)), head, body };
}

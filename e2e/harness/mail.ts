/** A mail server on this machine that takes everything and keeps the codes, as RFC 5321 has it and no further. */
import { createServer, type Server, type Socket } from "node:net";
import { createInterface } from "node:readline";

export type MailServer = {
  /** For POOLHOUSE_SMTP_URL. */
  readonly url: string;
  /** The code of number `nth`, from 1, of the mails to this address that have one, waited for. */
  code(to: string, nth?: number): Promise<string>;
  /** Refuses connections from now on. */
  close(): Promise<void>;
  /** Takes mail again at the same address. */
  open(): Promise<void>;
};

/** Starts a mail server on a free port. */
export async function startMail(): Promise<MailServer> {
  const codes = new Map<string, string[]>();
  const waiting = new Map<string, (() => void)[]>();
  const sockets = new Set<Socket>();

  function take(to: string, text: string): void {
    const code = /code is (\d{4,8})/.exec(text)?.[1];
    if (code === undefined) return;
    codes.set(to, [...(codes.get(to) ?? []), code]);
    for (const tell of waiting.get(to) ?? []) tell();
    waiting.delete(to);
  }

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    converse(socket, take);
  });
  const port = await listen(server, 0);
  return {
    url: `smtp://127.0.0.1:${port}`,
    async code(to, nth = 1) {
      for (;;) {
        const code = codes.get(to)?.[nth - 1];
        if (code !== undefined) return code;
        const come = Promise.withResolvers<void>();
        waiting.set(to, [...(waiting.get(to) ?? []), come.resolve]);
        await come.promise;
      }
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    async open() {
      await listen(server, port);
    },
  };
}

function converse(socket: Socket, take: (to: string, text: string) => void): void {
  let to = "";
  let text: string[] | undefined;
  socket.write("220 localhost ESMTP\r\n");
  const lines = createInterface({ input: socket });
  // Whoever sends may be killed at any moment; both of them tell of it.
  for (const each of [socket, lines]) each.on("error", () => undefined);
  lines.on("line", (line) => {
    if (text !== undefined && line !== ".") text.push(line);
    else if (text !== undefined) {
      take(to, text.join("\n"));
      text = undefined;
      socket.write("250 taken\r\n");
    } else if (line === "DATA") {
      text = [];
      socket.write("354 go on\r\n");
    } else if (line === "QUIT") socket.end("221 bye\r\n");
    else {
      to = /^RCPT TO:<(.*)>/.exec(line)?.[1] ?? to;
      socket.write("250 yes\r\n");
    }
  });
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : 0);
    });
  });
}

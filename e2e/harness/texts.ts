/** A provider of text messages on this machine, as POOLHOUSE_SMS_URL has them: it takes everything and keeps the codes. */
import { createServer } from "node:http";
import { json } from "node:stream/consumers";

export type TextProvider = {
  /** The settings of a server that sends through it. */
  readonly env: Readonly<Record<string, string>>;
  /** The code of the newest message to this number, which has come by the time that the server answers. */
  code(to: string): string;
  close(): void;
};

/** Starts one on a free port. */
export async function startTexts(): Promise<TextProvider> {
  const codes = new Map<string, string>();
  const server = createServer(async (request, response) => {
    // What the server sends to such an endpoint (docs/operations.md).
    const { to, body } = (await json(request)) as { to: string; body: string };
    codes.set(to, /code is (\d{4,8})/.exec(body)?.[1] ?? "");
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    env: {
      POOLHOUSE_SMS_URL: `http://127.0.0.1:${port}/`,
      POOLHOUSE_SMS_SECRET: "a-key-between-these-two",
      POOLHOUSE_ALLOWED_PRIVATE_HOSTS: "127.0.0.1",
    },
    code: (to) => codes.get(to) ?? "",
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

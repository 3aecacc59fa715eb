import { once } from "node:events";
import { type AddressInfo, connect, type Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { movableClock } from "../lib/clock.ts";
import { makeHttp, refuseUnknown } from "./http.ts";

const app = () => {
  const made = makeHttp({
    requestId: () => "request-1",
    clock: movableClock({ now: () => 0 }),
    log: { error: () => undefined },
    trustedProxies: [],
  });
  made.setNotFoundHandler(refuseUnknown);
  return made;
};
let http: ReturnType<typeof app>;
beforeEach(async () => {
  http = app();
  await http.listen({ host: "127.0.0.1", port: 0 });
});
afterEach(() => http.close());

/** Begins a body of 100 MB, and has not looked at the answer when the server has said all. */
async function beginBody(): Promise<Socket> {
  const { port } = http.server.address() as AddressInfo;
  const socket = connect({ host: "127.0.0.1", port });
  await once(socket, "connect");
  socket.pause();
  // A reset, or writing after one.
  socket.on("error", () => undefined);
  const request = once(http.server, "request");
  socket.write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000000\r\n\r\n");
  const [{ socket: other }] = await request;
  await once(other, "finish");
  await nextTurn();
  return socket;
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once("close", () => resolve()));
}

test("a client that is still sending when its body is refused is not reset, and reads why", async () => {
  const socket = await beginBody();
  for (let part = 0; part < 4; part++) {
    const sent = new Promise((resolve) => socket.write(Buffer.alloc(500_000), resolve));
    expect(await sent).not.toBeInstanceOf(Error);
  }
  let answer = "";
  socket.setEncoding("utf8").on("data", (text: string) => {
    answer += text;
  });
  socket.resume();
  await closed(socket);
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
});

test("a client that goes on sending is cut off", async () => {
  const socket = await beginBody();
  let taken = 0;
  const chunk = Buffer.alloc(1_000_000);
  const pour = () => {
    taken += chunk.length;
    socket.write(chunk, (error) => error ?? pour());
  };
  pour();
  await closed(socket);
  expect(taken).toBeLessThan(60_000_000);
});

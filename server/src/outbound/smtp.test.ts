import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer, connect as netConnect, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Message, type Sender, Undeliverable } from "../domain/messages/sender.ts";
import { loadOrCreateAuthority } from "../protocol/tls/authority.ts";
import { type Leaf, signLeaf } from "../protocol/tls/leaf.ts";
import { createSender } from "./sender.ts";
import { createSmtpSender } from "./smtp.ts";

type Mail = { from: string; to: string[]; secure: boolean; user: unknown; source: string };

const publicUrl = "https://id.example.com:8443";
const message: Message = {
  channel: "email",
  to: "ada@example.com",
  subject: "Your verification code",
  body: `<p>Your code is <b>012345</b></p>`,
  code: "012345",
};

let dir: string;
let leaf: Leaf;
/** For the same name, by an authority that nobody trusts. */
let strangersLeaf: Leaf;
const usualAuthorities = getCACertificates("default");
const open: { close(done: () => void): void }[] = [];

beforeAll(async () => {
  const nowMs = Date.now();
  dir = await mkdtemp(join(tmpdir(), "smtp-"));
  const by = { nowMs, extraNames: ["example.com"] };
  const authority = await loadOrCreateAuthority(join(dir, "known"), by);
  const stranger = await loadOrCreateAuthority(join(dir, "stranger"), by);
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const names = ["mail.example.com"];
  leaf = await signLeaf(authority, { names, privateKey, nowMs });
  strangersLeaf = await signLeaf(stranger, { names, privateKey, nowMs });
  setDefaultCACertificates([...usualAuthorities, authority.certificate]);
});
afterEach(async () => {
  for (const server of open.splice(0)) await new Promise<void>((done) => server.close(done));
});
afterAll(async () => {
  setDefaultCACertificates(usualAuthorities);
  await rm(dir, { recursive: true });
});

async function mailServer(
  options: SMTPServerOptions = {},
): Promise<{ port: number; mails: Mail[] }> {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    key: leaf.key,
    cert: leaf.certificate,
    authOptional: true,
    onAuth: ({ username, password }, _session, done) =>
      password === "p@ss/word" ? done(null, { user: username }) : done(new Error("no")),
    onData(stream, { envelope, secure, user }, done) {
      let source = "";
      stream.setEncoding("utf8");
      stream.on("data", (chunk: string) => {
        source += chunk;
      });
      stream.on("end", () => {
        const from = envelope.mailFrom ? envelope.mailFrom.address : "";
        const to = envelope.rcptTo.map(({ address }) => address);
        mails.push({ from, to, secure, user, source });
        done();
      });
    },
    ...options,
  });
  server.on("error", () => undefined);
  const port = await listening(server.listen(0, "127.0.0.1"));
  open.push(server);
  return { port, mails };
}

async function listening(server: Server): Promise<number> {
  if (!server.listening) await new Promise((resolve) => server.once("listening", resolve));
  return (server.address() as AddressInfo).port;
}

/** As if the server stood elsewhere under this name. */
function senderTo(url: string, port: number): Sender {
  const openSocket = () =>
    new Promise<ReturnType<typeof netConnect>>((resolve, reject) => {
      const socket = netConnect(port, "127.0.0.1", () => resolve(socket)).once("error", reject);
    });
  return createSmtpSender({ url: new URL(url), publicUrl, openSocket });
}

test("a message arrives as HTML and as text, from the default sender, over STARTTLS", async () => {
  const { port, mails } = await mailServer();
  await senderTo("smtp://mail.example.com", port).send(message);
  const [mail] = mails;
  expect(mail).toMatchObject({
    secure: true,
    from: "no-reply@id.example.com",
    to: ["ada@example.com"],
  });
  expect(mail?.source).toMatch(/^From: no-reply@id\.example\.com\r$/m);
  expect(mail?.source).toMatch(/^To: ada@example\.com\r$/m);
  expect(mail?.source).toMatch(/^Subject: Your verification code\r$/m);
  expect(mail?.source).toMatch(/^Auto-Submitted: auto-generated\r$/m);
  expect(mail?.source).toContain("<p>Your code is <b>012345</b></p>");
  expect(mail?.source).toMatch(/text\/plain[\s\S]*\r\n\r\nYour code is 012345\r\n/);
});

test("it speaks TLS from the first byte where the URL says smtps", async () => {
  const { port, mails } = await mailServer({ secure: true });
  await senderTo("smtps://mail.example.com", port).send(message);
  expect(mails).toMatchObject([{ secure: true }]);
});

test("it signs in where the URL has credentials, decoded", async () => {
  const { port, mails } = await mailServer({ authOptional: false });
  await senderTo("smtp://us%65r:p%40ss%2Fword@mail.example.com", port).send(message);
  expect(mails).toMatchObject([{ user: "user" }]);
  const wrong = senderTo("smtp://user:wrong@mail.example.com", port).send(message);
  await expect(wrong).rejects.toThrow(/EAUTH/);
  // Whoever runs the server may put that right within the life of a code.
  await expect(wrong).rejects.not.toBeInstanceOf(Undeliverable);
});

test("a server elsewhere without STARTTLS gets neither the message nor the password", async () => {
  const { port, mails } = await mailServer({
    hideSTARTTLS: true,
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
  });
  const sent = senderTo("smtp://user:p%40ss%2Fword@mail.example.com", port).send(message);
  await expect(sent).rejects.toThrow(/STARTTLS/);
  expect(mails).toEqual([]);
});

test("a certificate for another name, or by nobody known, is refused", async () => {
  const { port, mails } = await mailServer();
  await expect(senderTo("smtp://other.example.com", port).send(message)).rejects.toThrow(
    /does not match/,
  );
  const unknown = await mailServer({ key: strangersLeaf.key, cert: strangersLeaf.certificate });
  await expect(senderTo("smtp://mail.example.com", unknown.port).send(message)).rejects.toThrow(
    /unable to verify/,
  );
  expect([...mails, ...unknown.mails]).toEqual([]);
});

test("what a server said in clear before the handshake counts for nothing", async () => {
  // Answers to commands that were never sent, put in behind the go-ahead for STARTTLS (as in CVE-2021-33515).
  const heard: string[] = [];
  const server = createServer((socket) => {
    socket.write("220 mail.example.com ESMTP\r\n");
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => {
      const line = bytes.toString("latin1");
      heard.push(line);
      if (line.startsWith("EHLO")) socket.write("250-mail.example.com\r\n250 STARTTLS\r\n");
      if (line.startsWith("STARTTLS"))
        socket.write("220 go\r\n250 mail.example.com\r\n250 ok\r\n250 ok\r\n354 go\r\n250 ok\r\n");
      // The handshake's first byte: nothing more will come in clear.
      if (bytes[0] === 0x16) socket.destroy();
    });
  });
  open.push(server);
  const port = await listening(server.listen(0, "127.0.0.1"));
  await expect(senderTo("smtp://mail.example.com", port).send(message)).rejects.toThrow();
  expect(heard.join("")).not.toMatch(/MAIL FROM|012345/);
});

test("on this machine it takes a mail catcher in clear", async () => {
  const { port, mails } = await mailServer();
  const url = new URL(`smtp://127.0.0.1:${port}`);
  await createSmtpSender({ url, publicUrl: "https://localhost:8443" }).send(message);
  expect(mails).toMatchObject([{ secure: false, from: "no-reply@localhost" }]);
});

test("the pool's sender and reply address stand in the headers, the address alone in the envelope", async () => {
  const { port, mails } = await mailServer();
  await senderTo("smtp://mail.example.com", port).send({
    ...message,
    from: `"Shop, Ltd." <shop@example.com>`,
    replyTo: "help@example.com",
  });
  expect(mails[0]?.from).toBe("shop@example.com");
  expect(mails[0]?.source).toMatch(/^From: "Shop, Ltd\." <shop@example\.com>\r$/m);
  expect(mails[0]?.source).toMatch(/^Reply-To: help@example\.com\r$/m);
});

test("nothing in a subject or a name makes another header", async () => {
  const { port, mails } = await mailServer();
  await senderTo("smtp://mail.example.com", port).send({
    ...message,
    from: "Shop Bcc: eve@evil.example <shop@example.com>",
    subject: "Hi\r\nBcc: eve@evil.example\r\n\r\nother body",
  });
  expect(mails[0]?.to).toEqual(["ada@example.com"]);
  const head = mails[0]?.source.split("\r\n\r\n")[0] ?? "";
  expect(head).not.toMatch(/^Bcc:/im);
  expect(head).toMatch(/^To: ada@example\.com\r$/m);
});

test("the message goes to the stored address alone, or to nobody", async () => {
  const { port, mails } = await mailServer();
  const sender = senderTo("smtp://mail.example.com", port);
  await sender.send({ ...message, to: "Ada+x{y}@example.com" });
  expect(mails[0]?.to).toEqual(["Ada+x{y}@example.com"]);
  for (const to of [
    "ada@example.com,eve@evil.example",
    "ada@example.com\r\nRCPT TO:<eve@evil.example>",
    "Ada <eve@evil.example>",
    `"eve@evil.example x"@example.com`,
  ]) {
    await expect(sender.send({ ...message, to })).rejects.toBeInstanceOf(Undeliverable);
  }
  expect(mails).toHaveLength(1);
});

test("a body cannot end the message early", async () => {
  const { port, mails } = await mailServer();
  const body = "first\r\n.\r\nMAIL FROM:<eve@evil.example>\r\n";
  await senderTo("smtp://mail.example.com", port).send({ ...message, body });
  expect(mails).toHaveLength(1);
  expect(mails[0]?.source).toContain("eve@evil.example");
});

test("an address that the server does not know is given up; a server that is busy is not", async () => {
  const refusing = (responseCode: number): SMTPServerOptions => ({
    onRcptTo: ({ address }, _session, done) =>
      done(Object.assign(new Error(`<${address}> is not here\u0007`), { responseCode })),
  });
  const unknown = await mailServer(refusing(550));
  const given = senderTo("smtp://mail.example.com", unknown.port).send(message);
  await expect(given).rejects.toBeInstanceOf(Undeliverable);
  // For the log: neither the address nor what would break a line.
  await expect(given).rejects.toThrow(/550/);
  await expect(given).rejects.not.toThrow(/ada@example|\p{Cc}/u);
  const busy = await mailServer(refusing(451));
  const later = senderTo("smtp://mail.example.com", busy.port).send(message);
  await expect(later).rejects.toThrow(/451/);
  await expect(later).rejects.not.toBeInstanceOf(Undeliverable);
});

test("a server that is not there is an error to try again after", async () => {
  const server = createServer();
  const port = await listening(server.listen(0, "127.0.0.1"));
  await new Promise((done) => server.close(done));
  const url = new URL(`smtp://127.0.0.1:${port}`);
  const sent = createSmtpSender({ url, publicUrl }).send(message);
  await expect(sent).rejects.toThrow(/ECONNREFUSED|ESOCKET/);
  await expect(sent).rejects.not.toBeInstanceOf(Undeliverable);
});

test("another kind of URL is refused when the sender is made", () => {
  const url = new URL("https://mail.example.com");
  expect(() => createSmtpSender({ url, publicUrl })).toThrow("must begin with smtp:// or smtps://");
});

test("a channel without a provider fails and says what is missing", async () => {
  const sender = createSender({});
  await expect(sender.send(message)).rejects.toThrow("set POOLHOUSE_SMTP_URL");
  const sms = { ...message, channel: "sms", to: "+491701234567" } as const;
  await expect(sender.send(sms)).rejects.toThrow("no provider of text messages");
  await expect(sender.send(sms)).rejects.toBeInstanceOf(Undeliverable);
});

import { expect, test } from "vitest";
import { poolWith } from "../../testing/pools.ts";
import { composeInvitation, composeNotice, composeVerification } from "./compose.ts";

const email = { channel: "email", to: "ada@example.com", code: "012345", username: "ada" } as const;
const sms = { ...email, channel: "sms", to: "+491701234567" } as const;

test("a pool without templates speaks AWS's words", () => {
  const pool = poolWith({});
  expect(composeVerification(pool, email)).toEqual({
    channel: "email",
    to: "ada@example.com",
    subject: "Your verification code",
    body: "Your confirmation code is 012345",
    code: "012345",
  });
  expect(composeVerification(pool, sms)).toEqual({
    channel: "sms",
    to: "+491701234567",
    subject: "",
    body: "Your verification code is 012345",
    code: "012345",
  });
  const invited = {
    channel: "email",
    to: "a@b.c",
    username: "ada",
    temporaryPassword: "Xy9!",
  } as const;
  expect(composeInvitation(pool, invited)).toMatchObject({
    subject: "Your temporary password",
    body: "Your username is ada and temporary password is Xy9!.",
    code: "Xy9!",
  });
});

test("the pool's templates replace them, each where it is given", () => {
  const pool = poolWith({
    verificationTemplate: {
      emailSubject: "Welcome, {username}",
      emailMessage: "<p>Hello {username}, use <b>{####}</b>. Again: {####}</p>",
    },
    inviteTemplate: { smsMessage: "{username}: {####}" },
  });
  expect(composeVerification(pool, email)).toMatchObject({
    subject: "Welcome, ada",
    body: "<p>Hello ada, use <b>012345</b>. Again: 012345</p>",
  });
  expect(composeVerification(pool, sms).body).toBe("Your verification code is 012345");
  const invited = { ...sms, temporaryPassword: "Xy9!" };
  expect(composeInvitation(pool, invited)?.body).toBe("ada: Xy9!");
});

test("a name cannot bring markup into an e-mail, and stays as it is in a text message", () => {
  const pool = poolWith({
    verificationTemplate: {
      emailMessage: `<a title="{username}">{####}</a>`,
      smsMessage: "{username} {####}",
    },
  });
  const username = `"><script>alert('x')</script>&amp;`;
  expect(composeVerification(pool, { ...email, username }).body).toBe(
    `<a title="&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;">012345</a>`,
  );
  expect(composeVerification(pool, { ...sms, username }).body).toBe(`${username} 012345`);
});

test("a temporary password with special characters reads right in the e-mail", () => {
  const invited = { ...email, temporaryPassword: "a<b&c>9" };
  const message = composeInvitation(poolWith({}), invited);
  expect(message?.body).toContain("is a&lt;b&amp;c&gt;9.");
  expect(message?.code).toBe("a<b&c>9");
});

test("a name that looks like a placeholder or a replacement pattern stays what it is", () => {
  const pool = poolWith({ verificationTemplate: { emailMessage: "{username}/{####}" } });
  for (const username of ["{####}", "$&", "$1", "$$"]) {
    const expected = `${username.replaceAll("&", "&amp;")}/012345`;
    expect(composeVerification(pool, { ...email, username }).body).toBe(expected);
  }
});

test("a subject is one line whatever is put into it", () => {
  const pool = poolWith({
    verificationTemplate: { emailSubject: "Hello\r\nBcc: all@example.com {username}\u2028" },
  });
  const { subject } = composeVerification(pool, { ...email, username: "a\r\n\r\nbody\0" });
  expect(subject).toBe("Hello Bcc: all@example.com a body");
});

test("the pool's sender and reply address go along with e-mail and not with text messages", () => {
  const pool = poolWith({
    emailConfiguration: {
      emailSendingAccount: "DEVELOPER",
      from: "Shop <shop@example.com>",
      replyToEmailAddress: "help@example.com",
    },
  });
  const sender = { from: "Shop <shop@example.com>", replyTo: "help@example.com" };
  expect(composeVerification(pool, email)).toMatchObject(sender);
  expect(composeNotice(pool, { to: "a@b.c", occasion: "password-changed" })).toMatchObject(sender);
  expect(composeVerification(pool, sms)).not.toHaveProperty("from");
});

test("a notice says what was changed, carries no code, and shows the pool's name as text", () => {
  const pool = { ...poolWith({}), name: "R&D <b>" };
  const notice = composeNotice(pool, { to: "old@example.com", occasion: "email-changed" });
  expect(notice).toMatchObject({
    channel: "email",
    to: "old@example.com",
    subject: "Your e-mail address was changed",
  });
  expect(notice.body).toContain("account at R&amp;D &lt;b&gt; was changed");
  expect(notice).not.toHaveProperty("code");
  const other = composeNotice(pool, { to: "a@b.c", occasion: "password-changed" });
  expect(other.subject).toBe("Your password was changed");
});

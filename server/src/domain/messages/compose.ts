/** The words of the messages that user pools send: the pool's templates, or AWS's where it has none. */
import type { MessageTemplate, UserPool } from "../pools/pool.ts";
import type { Channel, Message } from "./sender.ts";

type Template = { readonly subject: string; readonly email: string; readonly sms: string };

/** What AWS sends for a pool without templates. */
const verification: Template = {
  subject: "Your verification code",
  email: "Your confirmation code is {####}",
  sms: "Your verification code is {####}",
};
const invitation: Template = {
  subject: "Your temporary password",
  email: "Your username is {username} and temporary password is {####}.",
  sms: "Your username is {username} and temporary password is {####}.",
};

const welcome: Template = {
  subject: "Your account",
  email: "Your username is {username}.",
  sms: "Your username is {username}.",
};

/** What AWS sends with the code of a sign-in. */
const signIn: Template = {
  subject: "Your authentication code",
  email: "Your authentication code is {####}",
  sms: "Your authentication code is {####}.",
};

/** The code that proves an address or resets a password. */
export function composeVerification(
  pool: UserPool,
  given: { channel: Channel; to: string; code: string; username: string },
): Message {
  const { channel, to, code, username } = given;
  const template = withDefaults(pool.settings.verificationTemplate, verification);
  return compose(pool, { channel, to, template, values: { code, username } });
}

/** What AWS sends for a pool that confirms sign-ups by link. */
const byLink = {
  subject: "Your verification link",
  email: "Please click the link below to verify your email address. {##Verify Email##}",
};

/** The link that confirms a sign-up. */
export function composeLink(
  pool: UserPool,
  given: { to: string; code: string; username: string; link: string },
): Message {
  const { to, code, username, link } = given;
  const { emailSubjectByLink, emailMessageByLink } = pool.settings.verificationTemplate;
  const template = {
    subject: emailSubjectByLink ?? byLink.subject,
    email: emailMessageByLink ?? byLink.email,
    sms: "",
  };
  const values = { code, username, link };
  return compose(pool, { channel: "email", to, template, values });
}

/** The code of a sign-in: a second factor, or a first one. */
export function composeSignInCode(
  pool: UserPool,
  given: { channel: Channel; to: string; code: string; username: string },
): Message {
  const { channel, to, code, username } = given;
  const { mfa, smsAuthenticationMessage } = pool.settings;
  const { subject, message } = mfa.email ?? {};
  const template = {
    subject: subject ?? signIn.subject,
    email: message ?? signIn.email,
    sms: smsAuthenticationMessage ?? signIn.sms,
  };
  return compose(pool, { channel, to, template, values: { code, username } });
}

/**
 * Tells a user whom an administrator made of the account and its temporary password; nothing in words of the pool that
 * have no place for the password (AWS, AdminCreateUser).
 */
export function composeInvitation(
  pool: UserPool,
  given: { channel: Channel; to: string; username: string; temporaryPassword: string },
): Message | undefined {
  const { channel, to, temporaryPassword, username } = given;
  const template = withDefaults(pool.settings.inviteTemplate ?? {}, invitation);
  if (!template[channel].includes("{####}")) return undefined;
  return compose(pool, { channel, to, template, values: { code: temporaryPassword, username } });
}

/** Tells a user without a password of the account, in the pool's words if those have no place for one. */
export function composeWelcome(
  pool: UserPool,
  given: { channel: Channel; to: string; username: string },
): Message {
  const { channel, to, username } = given;
  const { emailSubject, emailMessage, smsMessage } = pool.settings.inviteTemplate ?? {};
  const own = (text: string | undefined) => (text?.includes("{####}") ? undefined : text);
  const template = {
    subject: own(emailSubject) ?? welcome.subject,
    email: own(emailMessage) ?? welcome.email,
    sms: own(smsMessage) ?? welcome.sms,
  };
  return compose(pool, { channel, to, template, values: { username } });
}

/** What a user is told about, in the hardened profile, so that nobody takes an account in silence. */
export type Occasion = "password-changed" | "email-changed" | "factor-added" | "factor-removed";

type News = { readonly subject: string; readonly what: (app: string) => string };

const news: Readonly<Record<Occasion, News>> = {
  "password-changed": {
    subject: "Your password was changed",
    what: (app) => `The password of your account at ${app} was changed.`,
  },
  "email-changed": {
    subject: "Your e-mail address was changed",
    what: (app) => `The e-mail address of your account at ${app} was changed.`,
  },
  "factor-added": {
    subject: "A way to sign in was added",
    what: (app) => `A way to sign in to your account at ${app} was added.`,
  },
  "factor-removed": {
    subject: "A way to sign in was removed",
    what: (app) => `A way to sign in to your account at ${app} was removed.`,
  },
};

/** News of a change, for the address that was the user's before it. */
export function composeNotice(pool: UserPool, given: { to: string; occasion: Occasion }): Message {
  const { subject, what } = news[given.occasion];
  return {
    channel: "email",
    to: given.to,
    ...senderOf(pool),
    subject,
    body:
      `${what(escapeHtml(pool.name))} ` +
      "If you did this, all is well. If you did not, reset your password and tell those who run the app.",
  };
}

/** A message again, with the same code in the words that the pool's function has for it. */
export function reword(
  pool: UserPool,
  given: { message: Message; username: string; words: MessageTemplate },
): Message {
  const { message, username, words } = given;
  const { channel, to, code = "", link } = message;
  const text = channel === "email" ? words.emailMessage : words.smsMessage;
  const composed = compose(pool, {
    channel,
    to,
    template: {
      subject: words.emailSubject ?? "",
      email: words.emailMessage ?? "",
      sms: words.smsMessage ?? "",
    },
    values: { code, username, ...(link === undefined ? {} : { link }) },
  });
  return {
    ...message,
    subject: words.emailSubject === undefined ? message.subject : composed.subject,
    body: text === undefined ? message.body : composed.body,
  };
}

function withDefaults(given: MessageTemplate, defaults: Template): Template {
  return {
    subject: given.emailSubject ?? defaults.subject,
    email: given.emailMessage ?? defaults.email,
    sms: given.smsMessage ?? defaults.sms,
  };
}

type Values = {
  readonly code?: string;
  readonly username: string;
  readonly link?: string;
};

function compose(
  pool: UserPool,
  given: { channel: Channel; to: string; template: Template; values: Values },
): Message {
  const { channel, to, template, values } = given;
  const { code, username, link } = values;
  const inbox = {
    ...(code === undefined ? {} : { code }),
    ...(link === undefined ? {} : { link }),
  };
  if (channel === "sms") {
    return { channel, to, subject: "", body: fill(template.sms, values), ...inbox };
  }
  const escaped = {
    code: escapeHtml(code ?? ""),
    username: escapeHtml(username),
    ...(link === undefined ? {} : { link: escapeHtml(link) }),
  };
  return {
    channel,
    to,
    ...senderOf(pool),
    subject: oneLine(fill(template.subject, values)),
    body: fill(template.email, escaped),
    ...inbox,
  };
}

/** Puts the values in, all in one pass: what a value brings along is never taken for a placeholder. */
function fill(template: string, { code = "", username, link }: Values): string {
  return template.replace(/\{####\}|\{username\}|\{##([^#{}]+)##\}/g, (name, text?: string) => {
    if (text !== undefined) return link === undefined ? name : `<a href="${link}">${text}</a>`;
    return name === "{####}" ? code : username;
  });
}

function senderOf(pool: UserPool): { from?: string; replyTo?: string } {
  const { from, replyToEmailAddress: replyTo } = pool.settings.emailConfiguration;
  return { ...(from === undefined ? {} : { from }), ...(replyTo === undefined ? {} : { replyTo }) };
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? "");
}

/** A subject is one header line, whatever stands in the template or the name. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();
}

import { Badge } from "../ui/badge.tsx";
import { ButtonLink } from "../ui/button.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { type Message, safeLink } from "./inbox-feed.ts";

/** One message: whom it is for, its code large, its text as plain text whatever it holds. */
export function MessageCard({ message }: { message: Message }) {
  const link = safeLink(message.link);
  return (
    <article className="message">
      <header className="row row-apart">
        <h2>{message.subject ?? "Text message"}</h2>
        <span className="row">
          <Badge>{message.channel === "sms" ? "SMS" : "E-mail"}</Badge>
          <time className="muted small" dateTime={message.at}>
            {when(message.at)}
          </time>
        </span>
      </header>
      <p className="muted break">
        To <bdi>{message.to}</bdi>
      </p>
      {message.code && (
        <p className="message-code">
          <bdi dir="ltr">{message.code}</bdi>
          <CopyButton text={message.code} what={`code for ${message.to}`} />
        </p>
      )}
      {link && (
        <p>
          <ButtonLink variant="primary" href={link} rel="noreferrer">
            Open the link
          </ButtonLink>
        </p>
      )}
      <details>
        <summary>Whole message</summary>
        <p className="message-body break" dir="auto">
          {message.body}
        </p>
      </details>
    </article>
  );
}

const sameDay = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
const otherDay = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

function when(at: string): string {
  const moment = new Date(at);
  if (Number.isNaN(moment.getTime())) return at;
  return (moment.toDateString() === new Date().toDateString() ? sameDay : otherDay).format(moment);
}

import { useState } from "react";
import { EmptyState } from "../ui/empty-state.tsx";
import { Field } from "../ui/field.tsx";
import { MailIcon } from "../ui/icons.tsx";
import { Notice } from "../ui/notice.tsx";
import { type Message, useInbox } from "./inbox-feed.ts";
import { MessageCard } from "./message-card.tsx";
import { paths } from "./paths.ts";
import "./inbox-page.css";

/** Every message the server would have sent, live, with its code in reach. */
export function InboxPage() {
  const { messages, problem } = useInbox();
  const [filter, setFilter] = useState(() => new URLSearchParams(location.search).get("to") ?? "");
  const wanted = filter.trim().toLowerCase();
  const shown = messages?.filter((message) => message.to.toLowerCase().includes(wanted));

  return (
    <>
      <header className="inbox-header">
        <div className="stack">
          <h1>Inbox</h1>
          <p className="muted">
            Messages stay on this machine instead of being sent. New ones appear by themselves.
          </p>
        </div>
        <Field
          label="Show messages to"
          type="search"
          placeholder="Any address"
          value={filter}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setFilter(event.target.value)}
        />
      </header>
      {problem && (
        <Notice tone="danger">The inbox is out of reach: {problem}. This page keeps trying.</Notice>
      )}
      <p className="visually-hidden" role="status">
        {shown?.[0] && newsOf(shown[0])}
      </p>
      {shown && shown.length > 0 && (
        <ol className="stack">
          {shown.map((message) => (
            <li key={message.id}>
              <MessageCard message={message} />
            </li>
          ))}
        </ol>
      )}
      {shown?.length === 0 && <NothingYet wanted={wanted} onShowAll={() => setFilter("")} />}
    </>
  );
}

function NothingYet({ wanted, onShowAll }: { wanted: string; onShowAll: () => void }) {
  if (wanted) {
    return (
      <EmptyState icon={<MailIcon />} title="Nothing for this address yet">
        <p>
          No message to <bdi className="break">{wanted}</bdi> so far.
        </p>
        <button type="button" className="button button-secondary" onClick={onShowAll}>
          Show every address
        </button>
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={<MailIcon />} title="Nothing here yet">
      <p>
        <a href={paths.demo}>Sign up in the demo app</a>, and its confirmation code arrives here.
      </p>
    </EmptyState>
  );
}

function newsOf({ to, code, subject }: Message): string {
  return code
    ? `Newest message: to ${to}, code ${code}`
    : `Newest message: to ${to}, ${subject ?? "no subject"}`;
}

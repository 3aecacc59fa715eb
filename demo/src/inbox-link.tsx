import { MailIcon } from "../../web/src/ui/icons.tsx";
import { inboxUrl } from "./config.ts";

/** Leads to the code while one is awaited; in a new tab, since leaving this page would lose the sign-in. */
export function InboxLink({ address }: { address: string | undefined }) {
  return (
    <a className="inbox-link" href={inboxUrl(address)} target="_blank" rel="noopener">
      <MailIcon />
      <span>
        Find your code in the inbox<span className="visually-hidden"> (opens a new tab)</span>
      </span>
    </a>
  );
}

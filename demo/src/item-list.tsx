import type { ReactNode } from "react";

/** One thing of the user's: what it is, what is known of it, and what can be done with it. */
export interface Item {
  id: string;
  name: ReactNode;
  details: ReactNode;
  action?: ReactNode;
}

/** Things of the user's, one below the other. */
export function ItemList({ items }: { items: readonly Item[] }) {
  return (
    <ul className="items">
      {items.map(({ id, name, details, action }) => (
        <li key={id} className="item">
          <div className="item-text">
            <p className="item-name">{name}</p>
            <p className="muted small">{details}</p>
          </div>
          {action}
        </li>
      ))}
    </ul>
  );
}

/** A moment as this browser's owner writes it. */
export function moment(date: Date | undefined): string {
  return date?.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" }) ?? "never";
}

import type { ReactNode } from "react";
import "./empty-state.css";

/** What stands where nothing is yet: what will come, and how. Its title may be the whole page's. */
export function EmptyState({
  icon,
  title,
  heading: Heading = "h2",
  children,
}: {
  icon: ReactNode;
  title: string;
  heading?: "h1" | "h2";
  children: ReactNode;
}) {
  return (
    <div className="empty-state">
      <span className="empty-state-icon">{icon}</span>
      <Heading>{title}</Heading>
      <div className="muted stack">{children}</div>
    </div>
  );
}

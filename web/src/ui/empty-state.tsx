import type { ReactNode } from "react";
import "./empty-state.css";

/** What stands where nothing is yet: what will come, and how. */
export function EmptyState({
  icon,
  title,
  children,
}: {
  icon: ReactNode;
  title: string;
  children: ReactNode;
}) {
  return (
    <div className="empty-state">
      <span className="empty-state-icon">{icon}</span>
      <h2>{title}</h2>
      <div className="muted stack">{children}</div>
    </div>
  );
}

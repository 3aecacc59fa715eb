import type { ReactNode } from "react";
import "./notice.css";

/** A message about what just happened; a screen reader speaks it, at once if it is an error. */
export function Notice({
  tone,
  children,
}: {
  tone: "success" | "danger" | "accent";
  children: ReactNode;
}) {
  return (
    <div className={`notice notice-${tone}`} role={tone === "danger" ? "alert" : "status"}>
      {children}
    </div>
  );
}

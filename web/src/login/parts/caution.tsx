import type { ReactNode } from "react";
import { InfoIcon } from "../../ui/icons.tsx";

/** What to know before going on. */
export function Caution({ children }: { children: ReactNode }) {
  return (
    <div className="notice notice-info">
      <InfoIcon />
      <p>{children}</p>
    </div>
  );
}

import type { ReactNode } from "react";
import type { Say } from "../texts/index.ts";

/** What only works with the script, and what stands there without it. */
export function Scripted({ say, children }: { say: Say; children: ReactNode }) {
  return (
    <>
      <noscript>
        <p className="notice notice-info">{say("needsScript")}</p>
      </noscript>
      {children}
    </>
  );
}

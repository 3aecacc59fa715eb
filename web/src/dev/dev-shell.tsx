import type { ReactNode } from "react";
import { Shell } from "../ui/shell.tsx";
import { paths } from "./paths.ts";

/** The frame of the pages that only `poolhouse dev` serves. */
export function DevShell({ current, children }: { current: string; children: ReactNode }) {
  const links = [
    { href: paths.start, label: "Start" },
    { href: paths.inbox, label: "Inbox" },
    { href: paths.demo, label: "Demo app" },
  ];
  return (
    <Shell
      name="Poolhouse"
      home={paths.start}
      links={links.map((link) => ({ ...link, current: link.href === current }))}
    >
      {children}
    </Shell>
  );
}

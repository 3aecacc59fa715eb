import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { DevShell } from "./dev-shell.tsx";
import { InboxPage } from "./inbox-page.tsx";
import { paths } from "./paths.ts";

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <DevShell current={paths.inbox}>
        <InboxPage />
      </DevShell>
    </StrictMode>,
  );
}

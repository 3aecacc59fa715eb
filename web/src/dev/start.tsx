import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { DevShell } from "./dev-shell.tsx";
import { paths } from "./paths.ts";
import { StartPage } from "./start-page.tsx";

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <DevShell current={paths.start}>
        <StartPage />
      </DevShell>
    </StrictMode>,
  );
}

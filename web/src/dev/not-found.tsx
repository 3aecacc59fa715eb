import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { EmptyState } from "../ui/empty-state.tsx";
import { AppIcon } from "../ui/icons.tsx";
import { DevShell } from "./dev-shell.tsx";
import { paths } from "./paths.ts";

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <DevShell current="">
        <EmptyState icon={<AppIcon />} heading="h1" title="There is nothing at this address">
          <p className="break">
            The server has no page at <bdi>{location.pathname}</bdi>.
          </p>
          <p>
            <a href={paths.start}>Go to the start page</a>, from which everything can be reached.
          </p>
        </EmptyState>
      </DevShell>
    </StrictMode>,
  );
}

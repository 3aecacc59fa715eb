import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./amplify.css";
import "./demo.css";
import { configureAmplify } from "./amplify.ts";
import { App } from "./app.tsx";
import { loadConfig } from "./config.ts";
import { describeError } from "./describe-error.ts";
import { choosePool, PoolProvider } from "./pool.tsx";
import { Unreachable } from "./unreachable.tsx";

const element = document.getElementById("root");
if (element) {
  const root = createRoot(element);
  loadConfig().then(
    (config) => {
      const chosen = choosePool(config);
      configureAmplify(config, chosen.pool);
      root.render(
        <StrictMode>
          <PoolProvider chosen={chosen}>
            <App />
          </PoolProvider>
        </StrictMode>,
      );
    },
    (error: unknown) => root.render(<Unreachable reason={describeError(error)} />),
  );
}

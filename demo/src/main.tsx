import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./amplify.css";
import "./demo.css";
import { configureAmplify } from "./amplify.ts";
import { App } from "./app.tsx";
import { loadConfig } from "./config.ts";
import { describeError } from "./describe-error.ts";
import { Unreachable } from "./unreachable.tsx";

const element = document.getElementById("root");
if (element) {
  const root = createRoot(element);
  loadConfig().then(
    (config) => {
      configureAmplify(config);
      root.render(
        <StrictMode>
          <App />
        </StrictMode>,
      );
    },
    (error: unknown) => root.render(<Unreachable reason={describeError(error)} />),
  );
}

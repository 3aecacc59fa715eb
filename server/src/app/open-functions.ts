/** What runs the functions of a server, from its settings. */
import type { ServerConfig } from "../config.ts";
import type { Log } from "../domain/context.ts";
import type { FunctionRuntimes } from "../domain/functions/runtime.ts";
import { createEndpointRuntime } from "../outbound/functions/endpoint-runtime.ts";
import { createLambdaRuntime } from "../outbound/functions/lambda-runtime.ts";
import { createModuleRuntime } from "../outbound/functions/module-runtime.ts";
import type { HttpClient } from "../outbound/http.ts";

export type OpenFunctions = {
  readonly runtimes: FunctionRuntimes;
  /** Stops the threads; calls under way fail. */
  close(): Promise<void>;
};

/** Opens the runtimes; none costs anything before it is asked. */
export function openFunctions(
  { functionsDir, lambda }: ServerConfig,
  { http, log }: { http: HttpClient; log: Log },
): OpenFunctions {
  // Not the clock that development may move: others compare it with theirs.
  const nowMs = () => Date.now();
  const modules = createModuleRuntime({ folder: functionsDir, log });
  return {
    runtimes: {
      local: modules,
      https: createEndpointRuntime({ http, nowMs }),
      lambda: createLambdaRuntime({ http, nowMs, ...lambda }),
    },
    close: () => modules.close(),
  };
}

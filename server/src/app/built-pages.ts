import { fileURLToPath } from "node:url";

/** Where a workspace's pages were built to: they lie beside the server. */
export function builtPages(workspace: string): string {
  return fileURLToPath(new URL(`../../../${workspace}/dist`, import.meta.url));
}

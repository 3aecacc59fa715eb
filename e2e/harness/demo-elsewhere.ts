/** The demo as an app team has it: built for a server at another origin, and served from its own. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { freePort, root } from "./server.ts";

export type DemoElsewhere = { readonly url: string; close(): Promise<void> };

const run = promisify(execFile);
const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

/** Builds it for that server and serves it without TLS on this machine, as the development servers of apps do. */
export async function serveDemoElsewhere(serverUrl: string): Promise<DemoElsewhere> {
  const folder = await mkdtemp(join(tmpdir(), "poolhouse-demo-"));
  const vite = join(root, "node_modules/vite/bin/vite.js");
  await run(process.execPath, [vite, "build", "--outDir", folder, "--emptyOutDir"], {
    cwd: join(root, "demo"),
    env: { PATH: process.env["PATH"], VITE_POOLHOUSE_SERVER: serverUrl },
  });
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const file = pathname.replace(/^\/demo\//, "") || "index.html";
    const bytes = await readFile(join(folder, file)).catch(() => undefined);
    response.writeHead(bytes ? 200 : 404, { "content-type": types[extname(file)] ?? "text/plain" });
    response.end(bytes);
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    url: `http://localhost:${port}/demo/`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

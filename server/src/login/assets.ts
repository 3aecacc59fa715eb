/** What the pages load: built with them, the same for every pool, under names that change with what is in them. */
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import type { FastifyInstance } from "fastify";
import { refuseUnknown } from "../protocol/http.ts";

const types: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};
const fileForm = /^[\w-]+(\.[\w-]+)*$/;

const encodings = { br: promisify(brotliCompress), gzip: promisify(gzip) } as const;
type Encoding = keyof typeof encodings | "identity";

/** Serves the files of a folder; each is read and packed once. */
export function registerAssets(app: FastifyInstance, dir: string): void {
  const packed = new Map<string, Promise<Buffer>>();
  app.get<{ Params: { file: string } }>("/:poolId/assets/:file", async (request, reply) => {
    const { file } = request.params;
    const type = fileForm.test(file) ? types[extname(file)] : undefined;
    const encoding = encodingOf(request.headers["accept-encoding"]);
    const body = type && (await bodyOf(packed, { path: join(dir, file), encoding }));
    if (!type || !body) return refuseUnknown(request, reply);
    return reply
      .headers({
        "content-type": type,
        "cache-control": "public, max-age=31536000, immutable",
        "x-content-type-options": "nosniff",
        vary: "accept-encoding",
        ...(encoding === "identity" ? {} : { "content-encoding": encoding }),
      })
      .send(body);
  });
}

function encodingOf(accepted: string | undefined): Encoding {
  const named = (accepted ?? "").slice(0, 256).toLowerCase();
  if (/\bbr\b/.test(named)) return "br";
  return /\bgzip\b/.test(named) ? "gzip" : "identity";
}

/** Undefined where there is no such file; what is not there is not remembered. */
async function bodyOf(
  packed: Map<string, Promise<Buffer>>,
  { path, encoding }: { path: string; encoding: Encoding },
): Promise<Buffer | undefined> {
  const key = `${encoding} ${path}`;
  const body = packed.get(key) ?? pack(path, encoding);
  packed.set(key, body);
  try {
    return await body;
  } catch {
    packed.delete(key);
    return undefined;
  }
}

async function pack(path: string, encoding: Encoding): Promise<Buffer> {
  const content = await readFile(path);
  return encoding === "identity" ? content : encodings[encoding](content);
}

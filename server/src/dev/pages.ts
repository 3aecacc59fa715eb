/** The pages of development, as they were built: the start page, the inbox and the demo app. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { DemoPool } from "./demo-pool.ts";

/** `GET /demo/config.json`: what the demo app must know of the server. */
export type DemoConfig = {
  readonly region: string;
  readonly userPoolEndpoint: string;
  readonly apiEndpoint: string;
  readonly everyday: DemoPool;
  /** Where everybody needs a second factor, if the stack has such a pool. */
  readonly strict?: DemoPool;
};

export type PagesOptions = {
  readonly publicUrl: string;
  /** Folder of the built web pages. */
  readonly webDir: string;
  /** Folder of the built demo app. */
  readonly demoDir: string;
  /** Undefined when the server started without the demo's stack, or its pool is deleted. */
  demoConfig(): Promise<DemoConfig | undefined>;
};

const readMethods = ["GET", "HEAD"];
const notHere = "The demo's stack is not here. Start with --stack demo/stack.yaml.";
/** Their names change with what is in them. */
const forEver = "public, max-age=31536000, immutable";

/** Serves the pages and what they load, and answers for addresses where there is nothing. */
export function registerPages(app: FastifyInstance, options: PagesOptions): void {
  const { webDir, demoDir, demoConfig } = options;
  const secure = pageHeaders(options.publicUrl);
  const files = {
    index: false,
    dotfiles: "ignore",
    preCompressed: true,
    cacheControl: false,
    // Folders hold more than pages ask for, such as packed copies and build stamps.
    allowedPath: (path: string) => /^\/assets\/[\w-]+\.\w+$/.test(path),
    setHeaders: (reply: FastifyReply) =>
      void reply.headers({ ...secure, "cache-control": forEver }),
  } as const;
  void app.register(fastifyStatic, { ...files, root: webDir, prefix: "/_poolhouse/ui/" });
  void app.register(fastifyStatic, {
    ...files,
    root: demoDir,
    prefix: "/demo/",
    decorateReply: false,
  });
  const page = (url: string, file: string) =>
    app.route({
      method: readMethods,
      url,
      handler: async (request, reply) => {
        const html = await readFile(file).catch(() => undefined);
        return html ? sendPage(reply, html, secure) : answerNotBuilt(request, reply);
      },
    });
  page("/", join(webDir, "index.html"));
  page("/inbox", join(webDir, "inbox.html"));
  page("/demo/", join(demoDir, "index.html"));
  app.route({
    method: readMethods,
    url: "/demo",
    handler: async (_request, reply) => reply.redirect("/demo/", 308),
  });
  app.route({
    method: readMethods,
    url: "/demo/config.json",
    handler: async (_request, reply) => {
      reply.header("cache-control", "no-store").header("x-content-type-options", "nosniff");
      const config = await demoConfig();
      if (config) return config;
      return reply.code(404).send({ message: notHere });
    },
  });
}

/** Answers where nothing is: a page to people, JSON to programs. */
export function answerNotFound({ webDir, publicUrl }: PagesOptions) {
  const secure = pageHeaders(publicUrl);
  return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    reply.code(404);
    const wantsPage = readMethods.includes(request.method) && acceptsHtml(request);
    const html = wantsPage
      ? await readFile(join(webDir, "not-found.html")).catch(() => undefined)
      : undefined;
    if (html) return sendPage(reply, html, secure);
    return reply.headers(secure).send({ message: "There is nothing at this address." });
  };
}

function acceptsHtml({ headers }: FastifyRequest): boolean {
  return headers.accept?.includes("text/html") ?? false;
}

function sendPage(reply: FastifyReply, html: Buffer, headers: PageHeaders): FastifyReply {
  return reply
    .headers(headers)
    .header("cache-control", "no-cache")
    .type("text/html; charset=utf-8")
    .send(html);
}

function answerNotBuilt(_request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply.code(503).send({ message: "The pages are not built. Run: npm run build" });
}

type PageHeaders = Readonly<Record<string, string>>;

/** Everything a page runs, shows and speaks to is of this server, which it may also be reached at by another name. */
function pageHeaders(publicUrl: string): PageHeaders {
  const policy = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": `'self' ${new URL(publicUrl).origin}`,
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
  };
  return {
    "content-security-policy": Object.entries(policy)
      .map(([name, value]) => `${name} ${value}`)
      .join("; "),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
  };
}

/** What the pages of a client load of its branding, and where: the style sheet and the images. Anybody may read them. */

import {
  type Branding,
  brandingOf,
  brandingQuery,
  imageOf,
  styleSheetOf,
} from "../domain/branding/look.ts";
import type { Call } from "../domain/call.ts";
import { domainsOf, type UserPoolDomain } from "../domain/domains/domain.ts";
import type { Endpoint, EndpointRequest } from "../oauth/endpoint.ts";
import type { WireAnswer } from "../protocol/wire.ts";
import type { Look } from "./pages.ts";

const styleSheetPath = "/branding/style.css";
const imagePath = "/branding/image";

/** The style sheet of `client_id`. */
export const brandingStyleSheet: Endpoint = {
  method: "GET",
  path: styleSheetPath,
  event: "BrandingStyle_GET",
  readOnly: true,
  async handle(call, request) {
    const branding = await brandingAsked(call, request);
    if (!branding?.hasStyleSheet) return nothingThere;
    return fileAnswer(request, branding, {
      mediaType: "text/css; charset=utf-8",
      hash: branding.version,
      bytes: () => styleSheetOf(branding, imageUrls(request, branding)),
    });
  },
  refuse: () => nothingThere,
};

/** The image of `client_id` that `name` names. */
export const brandingImage: Endpoint = {
  method: "GET",
  path: imagePath,
  event: "BrandingImage_GET",
  readOnly: true,
  async handle(call, request) {
    const branding = await brandingAsked(call, request);
    const name = request.query().get("name") ?? "";
    const image = branding && (await imageOf(call.db, branding, name));
    if (!image) return nothingThere;
    return fileAnswer(request, branding, { ...image, bytes: () => image.bytes });
  },
  refuse: () => nothingThere,
};

/** What a page's look has of the client's branding. */
export async function brandedLook(
  call: Call,
  request: EndpointRequest,
  clientId: string,
): Promise<Pick<Look, "colorScheme" | "logo" | "favicon" | "styleSheet">> {
  const branding = await brandingAt(call, request, clientId);
  const query = brandingQuery(branding);
  const urlOf = imageUrls(request, branding);
  const { colorScheme, logo, favicon, hasStyleSheet } = branding;
  return {
    colorScheme,
    ...(logo
      ? {
          logo: {
            light: urlOf(logo.light),
            ...(logo.dark === undefined ? {} : { dark: urlOf(logo.dark) }),
          },
        }
      : {}),
    ...(favicon === undefined ? {} : { favicon: urlOf(favicon) }),
    ...(hasStyleSheet ? { styleSheet: `${request.prefix}${styleSheetPath}?${query}` } : {}),
  };
}

function imageUrls({ prefix }: EndpointRequest, branding: Branding): (name: string) => string {
  const query = brandingQuery(branding);
  return (name) => `${prefix}${imagePath}?name=${encodeURIComponent(name)}&${query}`;
}

/** ClientIdType; `ALL` stands for the classic look of all. */
const clientIdPattern = /^[\w+]{1,128}$/;

async function brandingAsked(call: Call, request: EndpointRequest): Promise<Branding | undefined> {
  const clientId = request.query().get("client_id") ?? "";
  return clientIdPattern.test(clientId) ? brandingAt(call, request, clientId) : undefined;
}

async function brandingAt(
  call: Call,
  request: EndpointRequest,
  clientId: string,
): Promise<Branding> {
  const { pool, prefix } = request;
  // Below the pool's id there is no domain whose version would decide.
  const domain = prefix === "" ? await domainAt(call, request) : undefined;
  const given = { pool, client: { id: clientId } };
  return await brandingOf(call.db, given, domain ? pickVersion(domain) : {});
}

function pickVersion({ managedLoginVersion }: UserPoolDomain) {
  return { managedLoginVersion };
}

async function domainAt(
  call: Call,
  { pool, origin }: EndpointRequest,
): Promise<UserPoolDomain | undefined> {
  const { hostname } = new URL(origin);
  const domains = await domainsOf(call.db, pool);
  return domains.find(({ domain, isCustom }) =>
    isCustom ? hostname === domain : hostname.startsWith(`${domain}.`),
  );
}

const nothingThere: WireAnswer = {
  status: 404,
  headers: {
    "content-type": "text/plain; charset=utf-8",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  },
  body: "There is nothing at this address.",
};

/** For good where the address names this version; else it is looked at anew each time. */
function fileAnswer(
  request: EndpointRequest,
  { version }: Branding,
  file: { mediaType: string; hash: string; bytes: () => string | Uint8Array },
): WireAnswer {
  const isNamed = request.query().get("v") === version;
  const etag = `"${file.hash}"`;
  const headers = {
    "content-type": file.mediaType,
    "cache-control": isNamed ? "public, max-age=31536000, immutable" : "no-cache",
    etag,
    "x-content-type-options": "nosniff",
    // An SVG that is opened by itself is a document: it runs nothing, loads nothing and is of no origin.
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  };
  const isKnown = request.header("if-none-match")?.includes(etag) ?? false;
  return isKnown
    ? { status: 304, headers, body: "" }
    : { status: 200, headers, body: file.bytes() };
}

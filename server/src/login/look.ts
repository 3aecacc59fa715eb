/** How the pages look and in which language they speak. */
import type { Call } from "../domain/call.ts";
import type { UserPoolClient } from "../domain/clients/client.ts";
import type { EndpointRequest } from "../oauth/endpoint.ts";
import { type Parameters, writeParameters } from "../protocol/parameters.ts";
import { brandedLook } from "./branding-routes.ts";
import type { Look } from "./pages.ts";

const languageCookie = "lang";
const maxHeaderCharacters = 256;

/** The look of a client's pages for this request. */
export async function lookOf(
  call: Call,
  request: EndpointRequest,
  { client, languages }: { client: UserPoolClient | undefined; languages: readonly string[] },
): Promise<Look> {
  return {
    lang: languageOf(request, languages),
    appName: request.pool.name,
    ...(client ? await brandedLook(call, request, client.id) : { colorScheme: "auto" }),
    assetsUrl: `${request.prefix}/assets`,
    ...(request.method === "GET" ? { languageUrl: languageUrl(request) } : {}),
  };
}

/** What the app asks for, else what was chosen before, else what the browser prefers. */
export function languageOf(request: EndpointRequest, languages: readonly string[]): string {
  const query = readable(request);
  const asked = [
    query.get("lang"),
    ...(query.get("ui_locales")?.slice(0, maxHeaderCharacters).split(" ") ?? []),
    request.cookie(languageCookie),
    ...preferred(request.header("accept-language")),
  ];
  for (const tag of asked) {
    const found = tag === undefined ? undefined : match(tag, languages);
    if (found !== undefined) return found;
  }
  return languages[0] ?? "en";
}

/** A page of a broken address still speaks some language. */
function readable(request: EndpointRequest): Parameters {
  try {
    return request.query();
  } catch {
    return new Map();
  }
}

/** The language itself, its script or region apart where need be (RFC 4647 §3.4). */
function match(tag: string, languages: readonly string[]): string | undefined {
  const parts = tag.toLowerCase().split("-");
  for (let length = parts.length; length > 0; length -= 1) {
    const wanted = parts.slice(0, length).join("-");
    const found = languages.find((each) => each.toLowerCase() === wanted);
    if (found !== undefined) return found;
  }
  const [language] = parts;
  return languages.find((each) => each.toLowerCase().split("-")[0] === language);
}

/** Accept-Language, the dearest first (RFC 9110 §12.5.4). */
function preferred(header: string | undefined): string[] {
  return (header ?? "")
    .slice(0, maxHeaderCharacters)
    .split(",")
    .map((each) => {
      const [tag = "", quality = "q=1"] = each.split(";").map((part) => part.trim());
      return { tag, weight: Number(quality.replace(/^q=/, "")) || 0 };
    })
    .filter(({ tag }) => tag !== "" && tag !== "*")
    .sort((left, right) => right.weight - left.weight)
    .map(({ tag }) => tag);
}

function languageUrl(request: EndpointRequest): string {
  const rest = [...readable(request)].filter(([name]) => name !== "lang");
  const query = writeParameters(rest);
  return `${request.prefix}${request.path}?${query}${query === "" ? "" : "&"}lang=`;
}

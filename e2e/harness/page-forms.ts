/** A browser without a screen: it follows redirects, keeps cookies and sends the forms of the hosted pages. */
import { expect } from "vitest";

export type FormBrowser = {
  /** Follows an address of the server up to a page, or to where the server sends the browser away. */
  open(url: string | URL): Promise<Stop>;
  /** Another that has the same cookies from here on: what a thief of them has. */
  copy(): FormBrowser;
};

/** Where it came to a halt. */
export type Stop = {
  readonly url: URL;
  /** Fills the page's first form and sends it; what the page has in hidden fields goes along. */
  submit(fields: Readonly<Record<string, string>>): Promise<Stop>;
};

const mostHops = 10;

/** Where an address of the server is to be reached, where that is not at the address itself. */
export type Reach = (url: URL) => URL;

/** A browser for one server, with an empty jar. */
export function formBrowser(origin: string, reach: Reach = (url) => url): FormBrowser {
  return withJar(new Map(), { origin, reach });
}

function withJar(
  jar: Map<string, string>,
  { origin, reach }: { origin: string; reach: Reach },
): FormBrowser {
  async function visit(first: URL, sent?: URLSearchParams): Promise<Stop> {
    let url = first;
    let body = sent;
    for (let hops = 0; hops < mostHops; hops += 1) {
      if (url.origin !== origin) return { url, submit: () => Promise.reject(new Error("away")) };
      const answer = await fetch(reach(url), {
        redirect: "manual",
        headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; ") },
        ...(body ? { method: "POST", body } : {}),
      });
      for (const cookie of answer.headers.getSetCookie()) keep(jar, cookie);
      const location = answer.headers.get("location");
      const html = await answer.text();
      if (location === null) return { url, submit: (fields) => send(url, html, fields) };
      url = new URL(location, url);
      body = undefined;
    }
    throw new Error(`too many redirects: ${url}`);
  }

  function send(at: URL, html: string, fields: Readonly<Record<string, string>>): Promise<Stop> {
    const [, action = "", content = ""] =
      /<form[^>]* action="([^"]*)"[^>]*>(.*?)<\/form>/s.exec(html) ?? [];
    expect(content).not.toBe("");
    const hidden = [...content.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
    const given = hidden.map(([, name = "", value = ""]) => [name, plain(value)]);
    const all = { ...Object.fromEntries(given), ...fields };
    return visit(new URL(plain(action), at), new URLSearchParams(all));
  }

  return {
    open: (url) => visit(new URL(url)),
    copy: () => withJar(new Map(jar), { origin, reach }),
  };
}

function keep(jar: Map<string, string>, cookie: string): void {
  const [pair = "", ...attributes] = cookie.split("; ");
  const at = pair.indexOf("=");
  if (attributes.includes("Max-Age=0")) jar.delete(pair.slice(0, at));
  else jar.set(pair.slice(0, at), pair.slice(at + 1));
}

function plain(html: string): string {
  return html.replaceAll("&quot;", '"').replaceAll("&#x27;", "'").replaceAll("&amp;", "&");
}

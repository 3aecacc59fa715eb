/** A browser at the hosted pages of a test's server: cookies, forms, redirects. Pages come as the data that they show. */
import type { InjectOptions, LightMyRequestResponse } from "fastify";
import type { Notice, Page, PageName } from "../login/pages.ts";
import type { TestApp } from "./app.ts";

export type Visit = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
  /** Where the browser is sent on to. */
  readonly location: string | undefined;
  readonly body: string;
  /** The page of this name; throws when another one is shown. */
  page<Name extends PageName>(name: Name): Extract<Page, { name: Name }>;
  readonly notice: Notice | undefined;
  readonly lang: string | undefined;
};

export type TestBrowser = {
  readonly cookies: Map<string, string>;
  get(url: string, headers?: Record<string, string>): Promise<Visit>;
  /** Fills a page's form and sends it. */
  submit(
    form: { action: string; csrf: string },
    fields: Readonly<Record<string, string>>,
  ): Promise<Visit>;
  /** Sends any form. */
  post(
    url: string,
    fields: Readonly<Record<string, string>>,
    headers?: Record<string, string>,
  ): Promise<Visit>;
  /** Goes on to where a visit leads, which must be this server. */
  follow(visit: Visit): Promise<Visit>;
};

/** A browser with an empty jar, at this address. */
export function testBrowser(
  { app }: Pick<TestApp, "app">,
  host = "localhost:8443",
  remoteAddress = "127.0.0.1",
): TestBrowser {
  const cookies = new Map<string, string>();
  const send = async (options: InjectOptions): Promise<Visit> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await app.inject({
      ...options,
      remoteAddress,
      headers: { host, ...(cookie === "" ? {} : { cookie }), ...options.headers },
    });
    keep(cookies, answer);
    return visitOf(answer);
  };
  const browser: TestBrowser = {
    cookies,
    get: (url, headers = {}) => send({ method: "GET", url, headers }),
    post: (url, fields, headers = {}) =>
      send({
        method: "POST",
        url,
        headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
        payload: new URLSearchParams(fields).toString(),
      }),
    submit: (form, fields) => browser.post(form.action, { _csrf: form.csrf, ...fields }),
    follow: ({ location = "" }) => browser.get(location),
  };
  return browser;
}

function keep(cookies: Map<string, string>, answer: LightMyRequestResponse): void {
  for (const { name, value, maxAge } of answer.cookies) {
    if (maxAge === 0) cookies.delete(name);
    else cookies.set(name, value);
  }
}

function visitOf(answer: LightMyRequestResponse): Visit {
  const isPage = String(answer.headers["content-type"]).startsWith("text/html");
  const shown = isPage
    ? (JSON.parse(answer.body) as { page: Page; notice?: Notice; look: { lang: string } })
    : undefined;
  return {
    status: answer.statusCode,
    headers: answer.headers,
    location: answer.headers.location,
    body: answer.body,
    page(name) {
      if (shown?.page.name !== name) {
        throw new Error(
          `no page ${name}: ${answer.statusCode} ${answer.headers.location ?? answer.body.slice(0, 500)}`,
        );
      }
      return shown.page as never;
    },
    notice: shown?.notice,
    lang: shown?.look.lang,
  };
}

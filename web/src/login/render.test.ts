import { describe, expect, it } from "vitest";
import type { Notice, Page } from "../../../server/src/login/pages.ts";
import { languages, render } from "./render.tsx";
import { everyPage, sampleLook, samples, variants } from "./testing/samples.ts";

const tagsOf = (html: string): string[] => html.match(/<[a-z!][^>]*>/gi) ?? [];
const valuesOf = (tag: string): Record<string, string> =>
  Object.fromEntries(
    [...tag.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name?.toLowerCase(), value]),
  );

/** The tags of a kind, with their attributes. */
function elements(html: string, kind: string): Record<string, string>[] {
  return tagsOf(html)
    .filter((tag) => new RegExp(`^<${kind}\\b`).test(tag))
    .map(valuesOf);
}

const fieldsOf = (html: string): (string | undefined)[] =>
  [...elements(html, "input"), ...elements(html, "button")].map((element) => element["name"]);

/** No attribute that holds a style or a script; what stands in quotes is text. */
function expectNothingInline(html: string): void {
  for (const tag of tagsOf(html)) {
    expect(tag.replace(/"[^"]*"/g, "")).not.toMatch(/\s(style|on\w+|srcdoc)\b/i);
  }
}

const error: Notice = { kind: "error", code: "NotAuthorizedException" };

describe.each(languages)("in %s", (lang) => {
  it.each(everyPage)("%s says everything, and every value is in its place", (_, page) => {
    for (const notice of [undefined, error]) {
      const html = render(page, sampleLook({ lang }), notice);
      expect(html).toMatch(new RegExp(`^<!doctype html><html lang="${lang}"`));
      expect(html).not.toMatch(/\{\w+\}|undefined|\[object|NaN/);
      expect(html).not.toMatch(/<(h1|label|button|li|p)[^>]*><\/\1>/);
    }
  });
});

describe("under a strict content security policy", () => {
  it.each(everyPage)("%s has nothing inline", (_, page) => {
    const html = render(page, sampleLook({ styleSheet: "/branding.css" }), error);
    expectNothingInline(html);
    expect(html).not.toContain("<style");
    expect(html.match(/<script[^>]*>(?!<\/script>)/g)).toBeNull();
    expect(elements(html, "script")).toEqual([{ type: "module", src: "/pool/assets/login.js" }]);
    expect(elements(html, "link").map(({ href }) => href)).toEqual([
      "/pool/assets/login.css",
      "/branding.css",
    ]);
  });
});

describe("whatever the data says", () => {
  const attack = `"'></textarea></title></svg></noscript><script>live()</script><img src=x onerror=live()>{name}`;
  /** What the pages decide by; the server writes these itself. */
  const ours = new Set([
    "name",
    "nameKind",
    "asks",
    "factor",
    "purpose",
    "decision",
    "type",
    "kind",
  ]);

  /** The data with an attack in place of each text. */
  function poison(data: unknown, key = ""): unknown {
    if (Array.isArray(data)) return key === "factors" ? data : data.map((each) => poison(each));
    if (typeof data === "object" && data !== null)
      return Object.fromEntries(
        Object.entries(data).map(([name, value]) => [name, poison(value, name)]),
      );
    return typeof data === "string" && !ours.has(key) ? attack : data;
  }

  it.each(everyPage)("%s is but text", (_, page) => {
    const clean = render(page, sampleLook({ logo: { light: "/l", dark: "/d" } }), error);
    const html = render(
      { ...(poison(page) as Page), name: page.name } as Page,
      sampleLook({
        appName: attack,
        logo: { light: attack, dark: attack },
        favicon: attack,
        styleSheet: attack,
        languageUrl: attack,
      }),
      { kind: "error", code: attack, detail: attack },
    );
    expect(html).not.toContain("<script>live");
    expect(html).not.toContain("<img src=x");
    const kinds = (text: string) => new Set(tagsOf(text).map((tag) => /^<[\w!]+/.exec(tag)?.[0]));
    // A code that no page knows brings the general text, and a detail one paragraph more.
    expect([...kinds(html)].filter((kind) => !kinds(clean).has(kind))).toEqual([]);
    expectNothingInline(html);
  });

  it("names of attributes and scopes that the customer gives are but text, too", () => {
    const name = `custom:${attack}`;
    const field = { name, value: attack, required: true, type: "text" } as const;
    const html = [
      render({ ...samples["sign-up"], fields: [field] }, sampleLook()),
      render({ ...samples.consent, scopes: [{ name: attack }] }, sampleLook()),
      render({ ...samples["form-post"], fields: { [attack]: attack } }, sampleLook()),
    ].join("");
    expect(html).not.toContain("<script>live");
    expect(html).not.toContain("<img src=x");
  });

  it("a place in a value is not filled in", () => {
    const page: Page = { ...samples.consent, clientName: "{name}" };
    expect(render(page, sampleLook())).toContain("<h1>{name} asks for access</h1>");
  });

  it("a link never runs a script", () => {
    const signUpUrl = "javascript:live()";
    expect(render({ ...samples["sign-in"], signUpUrl }, sampleLook())).not.toContain(signUpUrl);
  });
});

describe("the names that scripts and tools of Cognito's users know", () => {
  it("the sign-in form has those of the classic page", () => {
    const html = render(samples["sign-in"], sampleLook());
    expect(elements(html, "form").map(({ name }) => name)).toContain("cognitoSignInForm");
    expect(fieldsOf(html)).toEqual(
      expect.arrayContaining([
        "_csrf",
        "username",
        "password",
        "cognitoAsfData",
        "signInSubmitButton",
      ]),
    );
  });

  it("the sign-up form has one for each attribute", () => {
    const names = fieldsOf(render(samples["sign-up"], sampleLook()));
    expect(names).toEqual(
      expect.arrayContaining([
        "_csrf",
        "username",
        "password",
        "requiredAttributes[given_name]",
        "requiredAttributes[custom:favourite_colour]",
        "signUpButton",
      ]),
    );
  });

  it.each(everyPage)("every form of %s is bound to the browser", (_, page) => {
    if (page.name === "form-post") return;
    const html = render(page, sampleLook());
    const forms = html.split("<form").slice(1);
    for (const each of forms) {
      expect(each.split("</form>")[0]).toContain('name="_csrf" value="token-of-this-browser"');
      expect(each).toMatch(/^[^>]* method="post"/);
    }
  });

  it("the page that answers the client sends what it was given and nothing else", () => {
    const html = render(samples["form-post"], sampleLook());
    expect(fieldsOf(html)).toEqual(["code", "state", undefined]);
  });
});

describe("a page", () => {
  it("marks the language that it is in, and links to the others", () => {
    const html = render(samples["sign-in"], sampleLook({ lang: "de" }));
    const links = elements(html, "a").filter((link) => link["hreflang"] !== undefined);
    expect(links.map(({ hreflang }) => hreflang)).toEqual(languages);
    expect(links.filter((link) => link["aria-current"]).map(({ lang }) => lang)).toEqual(["de"]);
    const { languageUrl: _, ...look } = sampleLook();
    expect(render(samples["sign-in"], look)).not.toContain("hrefLang");
  });

  it.each(["ar", "he"])("is written from right to left in %s", (lang) => {
    expect(render(samples["sign-in"], sampleLook({ lang }))).toContain(`lang="${lang}" dir="rtl"`);
  });

  it("says an error at once, and first in its title", () => {
    const html = render(samples["sign-in"], sampleLook(), { kind: "error", code: "csrf" });
    expect(html).toMatch(/role="alert"[^>]*>.*The page was too old/);
    expect(html).toMatch(/<title>The page was too old[^<]*Sign in[^<]*Example<\/title>/);
  });

  it("reads an error out with the field that has the focus", () => {
    const focused = (page: Page, notice?: Notice) =>
      elements(render(page, sampleLook(), notice), "input")
        .filter((input) => "autofocus" in input)
        .map((input) => [input["name"], input["aria-describedby"]]);
    expect(focused(samples["sign-in"], error)).toEqual([["username", "notice"]]);
    expect(focused(samples["new-password"], error)).toEqual([["password", "notice rules"]]);
    expect(focused(samples["new-password"])).toEqual([["password", "rules"]]);
    expect(focused(samples.code, { kind: "info", code: "code-sent" })).toEqual([
      ["code", undefined],
    ]);
  });

  it("leads to the code of an app once the app is set up, and back to it when it was wrong", () => {
    const hasFocus = (notice?: Notice) =>
      /autofocus/i.test(render(samples["set-up-app"], sampleLook(), notice));
    expect([hasFocus(), hasFocus(error)]).toEqual([false, true]);
  });

  it.each(["password", "new-password", "reset-password"] as const)(
    "%s tells password managers whose password it is",
    (name) => {
      const html = render(samples[name], sampleLook());
      const [field] = elements(html, "input").filter((input) => input["name"] === "username");
      expect(field).toMatchObject({
        type: "text",
        autocomplete: "username",
        value: "jane.doe@example.com",
      });
    },
  );

  it("says what a pool's function said as it stands, below its own words", () => {
    const notice: Notice = {
      kind: "error",
      code: "UserLambdaValidationException",
      detail: "Not <you>",
    };
    const html = render(samples["sign-up"], sampleLook(), notice);
    expect(html).toContain("The app did not accept that.");
    expect(html).toContain("Not &lt;you&gt;");
  });

  it("has the customer's texts in place of its own", () => {
    const texts = { signInTitle: "Welcome <back>", "notice.csrf": "Once more, please." };
    const html = render(samples["sign-in"], sampleLook({ texts }), { kind: "info", code: "csrf" });
    expect(html).toContain("<h1>Welcome &lt;back&gt;</h1>");
    expect(html).toContain("Once more, please.");
  });

  it("is called by its app, unless a logo does that", () => {
    const named = render(samples["sign-in"], sampleLook());
    expect(named).toMatch(/<main[^>]*><p class="brand[^>]*>.*<span>Example<\/span><\/p>/);
    const pictured = render(samples["sign-in"], sampleLook({ logo: { light: "/logo" } }));
    expect(pictured).toContain('src="/logo" alt="Example"');
  });

  it.each([
    ["light", "light"],
    ["dark", "dark"],
    ["auto", "light dark"],
  ] as const)("is %s where the branding says so", (colorScheme, content) => {
    const html = render(samples["sign-in"], sampleLook({ colorScheme }));
    expect(html).toContain(`<meta name="color-scheme" content="${content}"/>`);
  });

  it("asks for a name alone, then for what else there is", () => {
    const html = render(variants["sign-in by name first"], sampleLook());
    expect(fieldsOf(html)).not.toContain("password");
    expect(html).toContain('autoComplete="username webauthn"');
  });
});

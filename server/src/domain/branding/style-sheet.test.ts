import { describe, expect, it } from "vitest";
import { classicClasses, styleProperties, styleSheetOfManagedLogin } from "./style-sheet.ts";

const sheet = (
  settings: unknown,
  assets: Parameters<typeof styleSheetOfManagedLogin>[0]["assets"] = [],
) =>
  styleSheetOfManagedLogin({
    settings,
    assets,
    imageUrl: (name) => `/branding/image?name=${name}`,
  });

const form = (rest: object) => ({ components: { form: rest } });

describe("the style sheet of a style", () => {
  it("states colours for the light and for the dark look, the dark one also where the browser wants it", () => {
    const text = sheet(
      form({
        lightMode: { backgroundColor: "FFFFFFff" },
        darkMode: { backgroundColor: "0f1b2a80" },
      }),
    );
    expect(text).toBe(`:root {
  --login-form-background: #FFFFFFff;
}
:root[data-scheme="dark"] {
  --login-form-background: #0f1b2a80;
}
@media (prefers-color-scheme: dark) {
:root:not([data-scheme="light"]) {
  --login-form-background: #0f1b2a80;
}
}
`);
  });

  it.each([
    ["fff"],
    ["#ffffffff"],
    ["ffffffff; background: url(//evil.example)"],
    ["ffffffff}body{display:none"],
    ["ffffffff\n"],
    ["gggggggg"],
    [16_777_215],
    [["ffffffff"]],
    [null],
    [{ toString: "ffffffff" }],
  ])("takes nothing for a colour but eight digits: %j", (backgroundColor) => {
    expect(sheet(form({ lightMode: { backgroundColor } }))).not.toContain("--login");
  });

  it.each([["8"], [-1], [1001], [Number.NaN], [null], [["8"]], [true]])(
    "takes nothing for a length but a number within bounds: %j",
    (borderRadius) => {
      expect(sheet(form({ borderRadius }))).not.toContain("--login");
    },
  );

  it.each([
    [0, "0px"],
    [8, "8px"],
    [12.3456, "12.35px"],
    [1e-9, "0px"],
    [1000, "1000px"],
  ])("states a length in pixels: %j", (borderRadius, expected) => {
    expect(sheet(form({ borderRadius }))).toContain(`--login-radius: ${expected};`);
  });

  it("states words of its own, never those of the settings", () => {
    expect(sheet(form({ logo: { location: "END" } }))).toContain("--login-logo-align: end;");
    for (const location of ["end", "constructor", "toString", "end;}", 1, null, ["END"]]) {
      expect(sheet(form({ logo: { location } })), String(location)).not.toContain("--login");
    }
  });

  it("follows no path into what settings inherit, and takes settings of any kind", () => {
    for (const settings of [
      null,
      undefined,
      1,
      "text",
      [],
      { components: "form" },
      { components: { form: [] } },
    ]) {
      expect(sheet(settings)).not.toContain("--login");
    }
  });

  it("names images by an address of its own: that of the look, or the one for both", () => {
    const settings = { components: { pageBackground: { image: { enabled: true } } } };
    const asset = { category: "PAGE_BACKGROUND", extension: "PNG", size: 1, hash: "h" } as const;
    const both = sheet(settings, [
      { ...asset, colorMode: "DYNAMIC" },
      { ...asset, colorMode: "DARK" },
    ]);
    const [light, dark] = both.split(":root[data-scheme");
    expect(light).toContain('url("/branding/image?name=page-background-dynamic")');
    expect(dark).toContain('url("/branding/image?name=page-background-dark")');
    expect(sheet(settings, [])).not.toContain("url");
    expect(sheet({}, [{ ...asset, colorMode: "DYNAMIC" }])).not.toContain("url");
  });
});

describe("what pages may rely on", () => {
  it("has one name for each thing, in one form", () => {
    for (const name of Object.keys(styleProperties)) expect(name).toMatch(/^--login(-[a-z]+)+$/);
    for (const name of Object.keys(classicClasses))
      expect(name).toMatch(/^[a-zA-Z-]+-customizable$/);
  });
});

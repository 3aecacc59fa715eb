/**
 * The settings of managed login as Cognito has them where a style says nothing: what AWS's two published examples agree
 * on (AWS CLI, update-managed-login-branding; API reference, DescribeManagedLoginBrandingByClient). Colours are RRGGBBAA.
 */
import type { JsonObject } from "./merge-settings.ts";

/** One thing in the light and in the dark look. */
const modes = <T>(lightMode: T, darkMode: T) => ({ lightMode, darkMode });
const button = (
  defaults: readonly [string, string],
  hover: readonly [string, string],
  active: readonly [string, string],
) => ({
  defaults: { backgroundColor: defaults[0], textColor: defaults[1] },
  hover: { backgroundColor: hover[0], textColor: hover[1] },
  active: { backgroundColor: active[0], textColor: active[1] },
});
/** Text and border have the same colour. */
const outlined = (...states: Parameters<typeof button>) => {
  const { defaults, hover, active } = button(...states);
  return {
    defaults: { ...defaults, borderColor: defaults.textColor },
    hover: { ...hover, borderColor: hover.textColor },
    active: { ...active, borderColor: active.textColor },
  };
};
const status = (borderColor: string, backgroundColor: string) => ({
  backgroundColor,
  borderColor,
  indicatorColor: borderColor,
});
const off = { enabled: false };
const disabledButton = { backgroundColor: "ffffffff", borderColor: "ffffffff" };
const bar = {
  backgroundImage: off,
  ...modes(
    { background: { color: "fafafaff" }, borderColor: "d5dbdbff" },
    { background: { color: "0f141aff" }, borderColor: "424650ff" },
  ),
  logo: { ...off, location: "START" },
};

const categories = {
  auth: {
    authMethodOrder: [
      [
        { display: "BUTTON", type: "FEDERATED" },
        { display: "INPUT", type: "USERNAME_PASSWORD" },
      ],
    ],
    federation: { interfaceStyle: "BUTTON_LIST", order: [] },
  },
  form: {
    displayGraphics: true,
    instructions: off,
    languageSelector: off,
    location: { horizontal: "CENTER", vertical: "CENTER" },
    sessionTimerDisplay: "NONE",
  },
  global: {
    colorSchemeMode: "LIGHT",
    pageFooter: off,
    pageHeader: off,
    spacingDensity: "REGULAR",
  },
  signUp: { acceptanceElements: [{ enforcement: "NONE", textKey: "en" }] },
};

const componentClasses = {
  buttons: { borderRadius: 8 },
  divider: modes({ borderColor: "ebebf0ff" }, { borderColor: "232b37ff" }),
  dropDown: {
    borderRadius: 8,
    ...modes(
      {
        defaults: { itemBackgroundColor: "ffffffff" },
        hover: {
          itemBackgroundColor: "f4f4f4ff",
          itemBorderColor: "7d8998ff",
          itemTextColor: "000716ff",
        },
        match: { itemBackgroundColor: "414d5cff", itemTextColor: "0972d3ff" },
      },
      {
        defaults: { itemBackgroundColor: "192534ff" },
        hover: {
          itemBackgroundColor: "081120ff",
          itemBorderColor: "5f6b7aff",
          itemTextColor: "e9ebedff",
        },
        match: { itemBackgroundColor: "d1d5dbff", itemTextColor: "89bdeeff" },
      },
    ),
  },
  focusState: modes({ borderColor: "0972d3ff" }, { borderColor: "539fe5ff" }),
  idpButtons: { icons: { enabled: true } },
  input: {
    borderRadius: 8,
    ...modes(
      {
        defaults: { backgroundColor: "ffffffff", borderColor: "7d8998ff" },
        placeholderColor: "5f6b7aff",
      },
      {
        defaults: { backgroundColor: "0f1b2aff", borderColor: "5f6b7aff" },
        placeholderColor: "8d99a8ff",
      },
    ),
  },
  inputDescription: modes({ textColor: "5f6b7aff" }, { textColor: "8d99a8ff" }),
  inputLabel: modes({ textColor: "000716ff" }, { textColor: "d1d5dbff" }),
  link: modes(
    { defaults: { textColor: "0972d3ff" }, hover: { textColor: "033160ff" } },
    { defaults: { textColor: "539fe5ff" }, hover: { textColor: "89bdeeff" } },
  ),
  optionControls: modes(
    {
      defaults: { backgroundColor: "ffffffff", borderColor: "7d8998ff" },
      selected: { backgroundColor: "0972d3ff", foregroundColor: "ffffffff" },
    },
    {
      defaults: { backgroundColor: "0f1b2aff", borderColor: "7d8998ff" },
      selected: { backgroundColor: "539fe5ff", foregroundColor: "000716ff" },
    },
  ),
  statusIndicator: modes(
    {
      error: status("d91515ff", "fff7f7ff"),
      pending: { indicatorColor: "AAAAAAAA" },
      success: status("037f0cff", "f2fcf3ff"),
      warning: status("8d6605ff", "fffce9ff"),
    },
    {
      error: status("eb6f6fff", "1a0000ff"),
      pending: { indicatorColor: "AAAAAAAA" },
      success: status("29ad32ff", "001a02ff"),
      warning: status("e0ca57ff", "1d1906ff"),
    },
  ),
};

const components = {
  alert: {
    borderRadius: 12,
    ...modes(
      { error: { backgroundColor: "fff7f7ff", borderColor: "d91515ff" } },
      { error: { backgroundColor: "1a0000ff", borderColor: "eb6f6fff" } },
    ),
  },
  favicon: { enabledTypes: ["ICO", "SVG"] },
  form: {
    backgroundImage: off,
    borderRadius: 8,
    ...modes(
      { backgroundColor: "ffffffff", borderColor: "c6c6cdff" },
      { backgroundColor: "0f1b2aff", borderColor: "424650ff" },
    ),
    logo: { ...off, formInclusion: "IN", location: "CENTER", position: "TOP" },
  },
  idpButton: {
    custom: {},
    standard: modes(
      outlined(["ffffffff", "424650ff"], ["f2f8fdff", "033160ff"], ["d3e7f9ff", "033160ff"]),
      outlined(["0f1b2aff", "c6c6cdff"], ["192534ff", "89bdeeff"], ["354150ff", "89bdeeff"]),
    ),
  },
  pageBackground: {
    ...modes({ color: "ffffffff" }, { color: "0f1b2aff" }),
    image: { enabled: true },
  },
  pageFooter: bar,
  pageHeader: bar,
  pageText: modes(
    { bodyColor: "414d5cff", descriptionColor: "414d5cff", headingColor: "000716ff" },
    { bodyColor: "b6bec9ff", descriptionColor: "b6bec9ff", headingColor: "d1d5dbff" },
  ),
  phoneNumberSelector: { displayType: "TEXT" },
  primaryButton: modes(
    {
      ...button(["0972d3ff", "ffffffff"], ["033160ff", "ffffffff"], ["033160ff", "ffffffff"]),
      disabled: disabledButton,
    },
    {
      ...button(["539fe5ff", "000716ff"], ["89bdeeff", "000716ff"], ["539fe5ff", "000716ff"]),
      disabled: disabledButton,
    },
  ),
  secondaryButton: modes(
    outlined(["ffffffff", "0972d3ff"], ["f2f8fdff", "033160ff"], ["d3e7f9ff", "033160ff"]),
    outlined(["0f1b2aff", "539fe5ff"], ["192534ff", "89bdeeff"], ["354150ff", "89bdeeff"]),
  ),
};

export const defaultSettings: JsonObject = { categories, componentClasses, components };

/** The languages of the pages, under the names that `lang` has for them. */
import { en, type TextKey, type Texts } from "./en.ts";

export const texts: Readonly<Record<string, Texts>> = { en };

/** Read from right to left. */
const rightToLeft = new Set(["ar", "he", "fa", "ur"]);

export function directionOf(lang: string): "ltr" | "rtl" {
  return rightToLeft.has(lang.split("-")[0] ?? "") ? "rtl" : "ltr";
}

/** Says a text, with values in their places. */
export type Say = (key: TextKey, values?: Readonly<Record<string, string | number>>) => string;

/** Speaks a language, with the customer's own texts in place of ours. */
export function speak(lang: string, own: Readonly<Record<string, string>> = {}): Say {
  const spoken = texts[lang] ?? en;
  return (key, values = {}) => {
    const text = Object.hasOwn(own, key) ? (own[key] ?? "") : spoken[key];
    return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
      Object.hasOwn(values, name) ? String(values[name]) : whole,
    );
  };
}

/** The text of a code that the server names, or the one for all others. */
export function keyOf(prefix: "notice" | "error" | "attribute", code: string): TextKey | undefined {
  const key = `${prefix}.${code}`;
  return Object.hasOwn(en, key) ? (key as TextKey) : undefined;
}

/** The keys that begin like this. */
export type TextKeyOf<Prefix extends string> = Extract<TextKey, `${Prefix}${string}`>;

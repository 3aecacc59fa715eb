/** The languages of the pages, under the names that `lang` has for them. */
import { ar } from "./ar.ts";
import { de } from "./de.ts";
import { en, type TextKey, type Texts } from "./en.ts";
import { es } from "./es.ts";
import { fr } from "./fr.ts";
import { he } from "./he.ts";
import { id } from "./id.ts";
import { it } from "./it.ts";
import { ja } from "./ja.ts";
import { ko } from "./ko.ts";
import { nl } from "./nl.ts";
import { pl } from "./pl.ts";
import { ptBr } from "./pt-br.ts";
import { tr } from "./tr.ts";
import { zhCn } from "./zh-cn.ts";
import { zhTw } from "./zh-tw.ts";

/** First the one for whoever speaks none of them. */
export const texts: Readonly<Record<string, Texts>> = {
  en,
  de,
  es,
  fr,
  id,
  it,
  nl,
  pl,
  "pt-BR": ptBr,
  tr,
  ar,
  he,
  ja,
  ko,
  "zh-CN": zhCn,
  "zh-TW": zhTw,
};

/** Read from right to left. */
const rightToLeft = new Set(["ar", "he", "fa", "ur"]);

export function directionOf(lang: string): "ltr" | "rtl" {
  return rightToLeft.has(lang.split("-")[0] ?? "") ? "rtl" : "ltr";
}

/** Says a text, with values in their places. */
export type Say = {
  (key: TextKey, values?: Readonly<Record<string, string | number>>): string;
  readonly lang: string;
};

/** Speaks a language, with the customer's own texts in place of ours. */
export function speak(lang: string, own: Readonly<Record<string, string>> = {}): Say {
  const spoken = (Object.hasOwn(texts, lang) && texts[lang]) || en;
  const embed = directionOf(lang) === "rtl" ? isolate : String;
  const say = (key: TextKey, values: Readonly<Record<string, string | number>> = {}) => {
    const text = Object.hasOwn(own, key) ? (own[key] ?? "") : spoken[key];
    return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
      Object.hasOwn(values, name) ? embed(values[name] ?? "") : whole,
    );
  };
  return Object.assign(say, { lang });
}

/** Keeps the order of a value within its own direction: an address or a number from left to right (Unicode UAX #9). */
function isolate(value: string | number): string {
  return `\u2068${value}\u2069`;
}

/** So many days, with the noun in the form that the number takes. */
export function days(say: Say, count: number): string {
  const form = { style: "unit", unit: "day", unitDisplay: "long" } as const;
  return new Intl.NumberFormat(say.lang, form).format(count);
}

/** The text of a code that the server names, or the one for all others. */
export function keyOf(prefix: "notice" | "error" | "attribute", code: string): TextKey | undefined {
  const key = `${prefix}.${code}`;
  return Object.hasOwn(en, key) ? (key as TextKey) : undefined;
}

/** The keys that begin like this. */
export type TextKeyOf<Prefix extends string> = Extract<TextKey, `${Prefix}${string}`>;

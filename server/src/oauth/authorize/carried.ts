import type { Parameters } from "../../protocol/parameters.ts";

/** The language that is asked for, as the addresses of the pages carry it beside a reference; of several the first counts. */
export function languageIn(...sources: readonly Parameters[]): [string, string][] {
  return ["lang", "ui_locales"].flatMap((name) => {
    const value = sources.find((each) => each.has(name))?.get(name);
    return value === undefined ? [] : [[name, value] as [string, string]];
  });
}

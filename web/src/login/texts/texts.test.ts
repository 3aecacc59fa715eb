import { describe, expect, it } from "vitest";
import { en } from "./en.ts";
import { days, directionOf, keyOf, speak, texts } from "./index.ts";

const placesOf = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
const others = Object.entries(texts).filter(([lang]) => lang !== "en");

describe("the languages", () => {
  it("are those of Cognito's managed login, and more; English is for whoever speaks none of them", () => {
    const languages = Object.keys(texts);
    expect(languages[0]).toBe("en");
    // AWS, "Managed login localization".
    expect(languages).toEqual(
      expect.arrayContaining("de en es fr id it ja ko pt-BR zh-CN zh-TW".split(" ")),
    );
  });

  it("are each called by a name of their own that no other has", () => {
    const names = Object.values(texts).map(({ languageName }) => languageName);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(others)("%s has the values of every text that English has", (_, spoken) => {
    for (const [key, text] of Object.entries(en)) {
      expect([key, placesOf(spoken[key as keyof typeof en])]).toEqual([key, placesOf(text)]);
    }
  });

  it.each(others)("%s says everything, in its own words", (_, spoken) => {
    expect(Object.keys(spoken)).toEqual(Object.keys(en));
    for (const text of Object.values(spoken)) expect(text).toBe(text.trim());
    expect(Object.values(spoken)).not.toContain("");
    const same = Object.entries(en).filter(
      ([key, text]) => spoken[key as keyof typeof en] === text,
    );
    // Such as "Code" and "Name".
    expect(same.filter(([, text]) => /\s/.test(text))).toEqual([]);
    expect(same.length).toBeLessThan(8);
  });
});

describe("a speaker", () => {
  it("puts values in their places, and leaves a place without one", () => {
    const say = speak("en");
    expect(say("continueAs", { name: "Jane" })).toBe("Continue as Jane");
    expect(say("continueAs")).toBe("Continue as {name}");
    expect(say("continueAs", { name: "{name} $& $1" })).toBe("Continue as {name} $& $1");
  });

  it("speaks English where it knows the language not", () => {
    for (const lang of ["xx", "", "__proto__", "constructor"])
      expect(speak(lang)("signIn")).toBe("Sign in");
  });

  it("says the customer's words, and only what they state", () => {
    const say = speak("de", { signIn: "Hereinspaziert" });
    expect(say("signIn")).toBe("Hereinspaziert");
    expect(say("next")).toBe("Weiter");
  });

  it("keeps addresses and numbers in their order among words that run from right to left", () => {
    expect(directionOf("ar")).toBe("rtl");
    expect(directionOf("he-IL")).toBe("rtl");
    expect(directionOf("pt-BR")).toBe("ltr");
    expect(speak("he")("codeSentTo", { destination: "+*******100" })).toContain(
      "\u2068+*******100\u2069",
    );
  });

  it("counts days in the form that the number takes", () => {
    const counted = (lang: string) => [1, 30].map((count) => days(speak(lang), count));
    expect(counted("en")).toEqual(["1 day", "30 days"]);
    expect(counted("de")).toEqual(["1 Tag", "30 Tage"]);
    expect(counted("pl")).toEqual(["1 dzień", "30 dni"]);
  });
});

it("codes that the server names have texts; what objects inherit has none", () => {
  expect(keyOf("notice", "CodeMismatchException")).toBe("notice.CodeMismatchException");
  expect(keyOf("notice", "NoSuchException")).toBeUndefined();
  expect(keyOf("attribute", "custom:team")).toBeUndefined();
});

import type { Look } from "../../../../server/src/login/pages.ts";
import { type Say, texts } from "../texts/index.ts";

/** The same page in another language; out of the way until it is wanted. */
export function LanguageChoice({ look: { lang, languageUrl }, say }: { look: Look; say: Say }) {
  const others = Object.entries(texts);
  if (languageUrl === undefined || others.length < 2) return null;
  return (
    <details className="languages">
      <summary>
        <span className="visually-hidden">{say("language")}: </span>
        {say("languageName")}
      </summary>
      <ul>
        {others.map(([tag, { languageName }]) => (
          <li key={tag}>
            <a
              href={`${languageUrl}${tag}`}
              lang={tag}
              hrefLang={tag}
              aria-current={tag === lang ? "true" : undefined}
            >
              {languageName}
            </a>
          </li>
        ))}
      </ul>
    </details>
  );
}

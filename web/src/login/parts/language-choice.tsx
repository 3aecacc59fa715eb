import type { Look } from "../../../../server/src/login/pages.ts";
import { ChevronIcon, GlobeIcon } from "../../ui/icons.tsx";
import { type Say, texts } from "../texts/index.ts";

/** The same page in another language; out of the way until it is wanted. */
export function LanguageChoice({ look: { lang, languageUrl }, say }: { look: Look; say: Say }) {
  const languages = Object.entries(texts);
  if (languageUrl === undefined || languages.length < 2) return null;
  return (
    <nav className="languages" aria-label={say("language")}>
      <details>
        <summary>
          <GlobeIcon />
          <span className="visually-hidden">{say("language")}: </span>
          {say("languageName")}
          <ChevronIcon />
        </summary>
        <ul>
          {languages.map(([tag, { languageName }]) => (
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
    </nav>
  );
}

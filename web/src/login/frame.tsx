import type { Look, Notice } from "../../../server/src/login/pages.ts";
import { assets } from "./assets.ts";
import type { Filled } from "./pages/page.ts";
import { Account } from "./parts/account.tsx";
import { ErrorOnPage } from "./parts/error-on-page.ts";
import { LanguageChoice } from "./parts/language-choice.tsx";
import { NoticeBox, noticeId, noticeText } from "./parts/notice-box.tsx";
import { Sign } from "./parts/sign.tsx";
import { directionOf, type Say } from "./texts/index.ts";

type Props = { look: Look; say: Say; page: Filled; notice: Notice | undefined };

/** The document around every page. */
export function Frame(props: Props) {
  const { look, say, page, notice } = props;
  const { lang, colorScheme, assetsUrl, styleSheet, favicon } = look;
  return (
    <html lang={lang} dir={directionOf(lang)} data-scheme={colorScheme}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="color-scheme" content={schemes[colorScheme]} />
        <title>{titleOf(props)}</title>
        {favicon && <link rel="icon" href={favicon} />}
        <link rel="stylesheet" href={`${assetsUrl}/${assets.css}`} />
        {styleSheet && <link rel="stylesheet" href={styleSheet} />}
        <script type="module" src={`${assetsUrl}/${assets.js}`} />
      </head>
      <body>
        <header className="bar bar-above">
          <div className="bar-logo" />
        </header>
        <div className="place">
          <main className="card background-customizable">
            <Brand look={look} />
            <Head page={page} />
            {notice && <NoticeBox notice={notice} say={say} />}
            <ErrorOnPage value={notice?.kind === "error" ? noticeId : undefined}>
              {page.body}
            </ErrorOnPage>
          </main>
          <LanguageChoice look={look} say={say} />
        </div>
        <footer className="bar bar-below">
          <div className="bar-logo" />
        </footer>
      </body>
    </html>
  );
}

const schemes = { light: "light", dark: "dark", auto: "light dark" } as const;

/** A title is the first thing that is read out: an error stands before all. */
function titleOf({ look, say, page, notice }: Props): string {
  const error = notice?.kind === "error" ? [noticeText(notice, say)] : [];
  return [...error, page.title, look.appName].join(" · ");
}

function Head({ page: { sign, title, lead, account } }: { page: Filled }) {
  return (
    <div className="head">
      {sign && (
        <div className={`sign sign-${sign}`}>
          <Sign kind={sign} />
        </div>
      )}
      <h1>{title}</h1>
      {lead && <p className="lead textDescription-customizable">{lead}</p>}
      {account && <Account>{account}</Account>}
    </div>
  );
}

/** Whose page this is: by the logo, or by the name. */
function Brand({ look: { logo, appName, colorScheme } }: { look: Look }) {
  if (!logo) {
    return (
      <p className="brand banner-customizable">
        <span className="brand-mark" aria-hidden="true">
          {[...appName][0]?.toUpperCase()}
        </span>
        <span>{appName}</span>
      </p>
    );
  }
  const { light, dark = light } = logo;
  return (
    <div className="brand banner-customizable">
      <picture>
        {colorScheme === "auto" && dark !== light && (
          <source srcSet={dark} media="(prefers-color-scheme: dark)" />
        )}
        <img
          className="logo-customizable"
          src={colorScheme === "dark" ? dark : light}
          alt={appName}
        />
      </picture>
    </div>
  );
}

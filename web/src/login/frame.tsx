import type { ReactNode } from "react";
import type { Look, Notice } from "../../../server/src/login/pages.ts";
import { assets } from "./assets.ts";
import { LanguageChoice } from "./parts/language-choice.tsx";
import { NoticeBox, noticeText } from "./parts/notice-box.tsx";
import { directionOf, type Say } from "./texts/index.ts";

/** The document around every page. */
export function Frame(props: {
  look: Look;
  say: Say;
  title: string;
  notice: Notice | undefined;
  children: ReactNode;
}) {
  const { look, say, title, notice, children } = props;
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
      <body className="background-customizable">
        <header className="bar bar-above" />
        <div className="place">
          <main className="card">
            <Brand look={look} />
            <h1>{title}</h1>
            {notice && <NoticeBox notice={notice} say={say} />}
            {children}
          </main>
          <LanguageChoice look={look} say={say} />
        </div>
        <footer className="bar bar-below" />
      </body>
    </html>
  );
}

const schemes = { light: "light", dark: "dark", auto: "light dark" } as const;

/** A title is the first thing that is read out: an error stands before all. */
function titleOf({ look, say, title, notice }: Parameters<typeof Frame>[0]): string {
  const error = notice?.kind === "error" ? [noticeText(notice, say)] : [];
  return [...error, title, look.appName].join(" · ");
}

/** Whose page this is: by the logo, or by the name. */
function Brand({ look: { logo, appName } }: { look: Look }) {
  if (!logo) {
    return (
      <p className="app-name banner-customizable">
        <span className="app-mark" aria-hidden="true">
          {[...appName][0]?.toUpperCase()}
        </span>
        {appName}
      </p>
    );
  }
  return (
    <div className="logo banner-customizable">
      <picture>
        {logo.dark && <source srcSet={logo.dark} media="(prefers-color-scheme: dark)" />}
        <img className="logo-customizable" src={logo.light} alt={appName} />
      </picture>
    </div>
  );
}

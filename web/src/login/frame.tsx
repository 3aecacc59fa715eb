import type { ReactNode } from "react";
import type { Look, Notice } from "../../../server/src/login/pages.ts";
import { assets } from "./assets.ts";
import { LanguageChoice } from "./parts/language-choice.tsx";
import { NoticeBox } from "./parts/notice-box.tsx";
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
        <title>{`${title} · ${look.appName}`}</title>
        {favicon && <link rel="icon" href={favicon} />}
        <link rel="stylesheet" href={`${assetsUrl}/${assets.css}`} />
        {styleSheet && <link rel="stylesheet" href={styleSheet} />}
        <script type="module" src={`${assetsUrl}/${assets.js}`} />
      </head>
      <body className="background-customizable">
        <header className="bar bar-above" />
        <div className="place">
          <main className="card">
            <Logo look={look} />
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

function Logo({ look: { logo, appName } }: { look: Look }) {
  if (!logo) return null;
  return (
    <div className="logo banner-customizable">
      <picture>
        {logo.dark && <source srcSet={logo.dark} media="(prefers-color-scheme: dark)" />}
        <img className="logo-customizable" src={logo.light} alt={appName} />
      </picture>
    </div>
  );
}

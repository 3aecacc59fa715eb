/** The hosted pages, rendered to whole documents that need no script. The server loads this file as it was built. */
import { renderToStaticMarkup } from "react-dom/server";
import type { Render } from "../../../server/src/login/pages.ts";
import { Frame } from "./frame.tsx";
import { pageOf } from "./pages/index.tsx";
import { speak, texts } from "./texts/index.ts";

/** As `lang` names them; the first is for whoever speaks none of them. */
export const languages: readonly string[] = Object.keys(texts);

export const render: Render = (page, look, notice) => {
  const say = speak(look.lang, look.texts);
  const document = <Frame look={look} say={say} page={pageOf(page, say)} notice={notice} />;
  return `<!doctype html>${renderToStaticMarkup(document)}`;
};

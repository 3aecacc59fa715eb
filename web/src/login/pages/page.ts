import type { ReactNode } from "react";
import type { Page, PageName } from "../../../../server/src/login/pages.ts";
import type { Say } from "../texts/index.ts";

export type PageOf<Name extends PageName> = Extract<Page, { name: Name }>;

/** What a page fills the frame with. */
export type Filled = { readonly title: string; readonly body: ReactNode };

export type Fill<Name extends PageName> = (page: PageOf<Name>, say: Say) => Filled;

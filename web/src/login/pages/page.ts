import type { ReactNode } from "react";
import type { Page, PageName } from "../../../../server/src/login/pages.ts";
import type { SignKind } from "../parts/sign.tsx";
import type { Say } from "../texts/index.ts";

export type PageOf<Name extends PageName> = Extract<Page, { name: Name }>;

/** What a page fills the frame with. */
export type Filled = {
  /** A picture above the title, where the page is about one thing. */
  readonly sign?: SignKind;
  readonly title: string;
  /** What the page is for, below its title. */
  readonly lead?: string | undefined;
  /** Whose account it is about. */
  readonly account?: string;
  readonly body?: ReactNode;
};

export type Fill<Name extends PageName> = (page: PageOf<Name>, say: Say) => Filled;

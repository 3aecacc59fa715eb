import { createContext, useContext } from "react";

/** The id of the error that a page shows, if it shows one. */
export const ErrorOnPage = createContext<string | undefined>(undefined);

/** Ids of what a field is read out with: its own hints and, where the focus is first, the error. */
export function useDescription(hint: string | undefined, hasFocus: boolean | undefined) {
  const error = useContext(ErrorOnPage);
  const ids = [hasFocus ? error : undefined, hint].filter((id) => id !== undefined);
  return ids.length === 0 ? {} : { "aria-describedby": ids.join(" ") };
}

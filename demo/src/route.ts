import { useSyncExternalStore } from "react";

/** The page named in the address after `#`, so that changing pages never reloads and loses the tokens. */
export function useRoute(): string {
  return useSyncExternalStore(subscribe, () => location.hash || "#/");
}

function subscribe(changed: () => void): () => void {
  addEventListener("hashchange", changed);
  return () => removeEventListener("hashchange", changed);
}

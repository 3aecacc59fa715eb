import { useEffect, useState } from "react";
import { Button } from "./button.tsx";
import { CheckIcon, CopyIcon } from "./icons.tsx";

const shownMs = 2000;

/** Puts a text on the clipboard and says that it did, or that the browser did not let it. */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const [outcome, setOutcome] = useState<"copied" | "refused">();

  useEffect(() => {
    if (!outcome) return;
    const timer = setTimeout(() => setOutcome(undefined), shownMs);
    return () => clearTimeout(timer);
  }, [outcome]);

  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setOutcome("copied");
    } catch {
      setOutcome("refused");
    }
  }

  return (
    <Button variant="quiet" onClick={copy}>
      {outcome === "copied" ? <CheckIcon /> : <CopyIcon />}
      <span aria-live="polite">
        {outcome === "copied"
          ? "Copied"
          : outcome === "refused"
            ? "Select and copy by hand"
            : "Copy"}
        <span className="visually-hidden"> {what}</span>
      </span>
    </Button>
  );
}

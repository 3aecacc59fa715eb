import { type ReactNode, useState } from "react";
import { Notice } from "../../web/src/ui/notice.tsx";
import { describeError } from "./describe-error.ts";

/** A piece of work that a form starts: whether it runs, and how it ended. */
export interface Action {
  busy: boolean;
  /** Runs the work, then shows the sentence it returns, if any, or what went wrong; tells whether it went well. */
  run: (work: () => Promise<string | undefined>) => Promise<boolean>;
  outcome: ReactNode;
}

export function useAction(): Action {
  const [busy, setBusy] = useState(false);
  const [ended, setEnded] = useState<{ tone: "success" | "danger"; text: string }>();

  async function run(work: () => Promise<string | undefined>): Promise<boolean> {
    if (busy) return false;
    setBusy(true);
    setEnded(undefined);
    try {
      const text = await work();
      if (text) setEnded({ tone: "success", text });
      return true;
    } catch (error) {
      setEnded({ tone: "danger", text: describeError(error) });
      return false;
    } finally {
      setBusy(false);
    }
  }

  return { busy, run, outcome: ended && <Notice tone={ended.tone}>{ended.text}</Notice> };
}

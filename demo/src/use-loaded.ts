import { useCallback, useEffect, useState } from "react";
import { describeError } from "./describe-error.ts";

/** What a page asks the server for when it opens, and again when something changed. */
export interface Loaded<Value> {
  /** Undefined until it is there. */
  value: Value | undefined;
  problem: string | undefined;
  reload: () => Promise<void>;
}

/** Loads at once; `load` must stay the same function from one rendering to the next. */
export function useLoaded<Value>(load: () => Promise<Value>): Loaded<Value> {
  const [value, setValue] = useState<Value>();
  const [problem, setProblem] = useState<string>();

  const reload = useCallback(async () => {
    try {
      setValue(await load());
      setProblem(undefined);
    } catch (error) {
      setProblem(describeError(error));
    }
  }, [load]);

  useEffect(() => {
    reload().catch(() => {
      // reload tells of its own failures.
    });
  }, [reload]);

  return { value, problem, reload };
}

import { createContext, type ReactNode, useContext } from "react";
import type { DemoConfig, DemoPool } from "./config.ts";

/** The user pools of the demo's stack, by what they are for. */
export type PoolName = "everyday" | "strict";

interface ChosenPool {
  name: PoolName;
  pool: DemoPool;
  config: DemoConfig;
}

const PoolContext = createContext<ChosenPool | undefined>(undefined);

/** The pool that the address names, so that a reload and a bookmark keep it; tokens of one pool open nothing in the other. */
export function choosePool(config: DemoConfig): ChosenPool {
  const isStrict = new URLSearchParams(location.search).get("pool") === "strict";
  return isStrict && config.strict
    ? { name: "strict", pool: config.strict, config }
    : { name: "everyday", pool: config.everyday, config };
}

/** Tells every page below which pool was chosen. */
export function PoolProvider({ chosen, children }: { chosen: ChosenPool; children: ReactNode }) {
  return <PoolContext value={chosen}>{children}</PoolContext>;
}

export function usePool(): ChosenPool {
  const chosen = useContext(PoolContext);
  if (!chosen) throw new Error("usePool is called outside of PoolProvider");
  return chosen;
}

/** Links to the same page with the one pool or the other. */
export function PoolChoice() {
  const { name: current, config } = usePool();
  if (!config.strict) return null;
  return (
    <nav className="pool-choice" aria-label="User pool">
      {choices.map(({ name, label, search }) => (
        <a
          key={name}
          href={`${location.pathname}${search}`}
          aria-current={name === current ? "true" : undefined}
        >
          {label}
        </a>
      ))}
    </nav>
  );
}

const choices: readonly { name: PoolName; label: string; search: string }[] = [
  { name: "everyday", label: "Everyday pool", search: "" },
  { name: "strict", label: "Strict pool", search: "?pool=strict" },
];

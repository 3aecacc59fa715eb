import type { AdvancingClock } from "../dev/clock.ts";
import { movableClock, systemClock } from "../lib/clock.ts";
import { addToMeta, findMeta } from "../store/meta.ts";
import type { Store } from "../store/store.ts";

const fact = "clock_ahead_ms";

/** The development clock of a database. Another process over the same database follows at its next start. */
export async function openMovedClock({ db }: Pick<Store, "db">): Promise<AdvancingClock> {
  const clock = movableClock(systemClock, Number((await findMeta(db, fact)) ?? 0));
  return {
    now: clock.now,
    async advance(milliseconds) {
      await addToMeta(db, fact, milliseconds);
      clock.advance(milliseconds);
    },
  };
}

import { makeRsaKeyPair, type SigningKeyPair } from "./key-pair.ts";

export type SpareKeyPairs = {
  /** A pair that nobody else gets: one that lies ready, or a new one. */
  take(): Promise<SigningKeyPair>;
  /** Makes what is missing, one after the other, so that it takes turns with everything else. */
  fill(): Promise<void>;
};

/** Keeps pairs ready, since making one takes long enough for a caller to notice. */
export function createSpareKeyPairs({
  count,
  make = makeRsaKeyPair,
}: {
  count: number;
  make?: () => Promise<SigningKeyPair>;
}): SpareKeyPairs {
  const ready: SigningKeyPair[] = [];
  let filling: Promise<void> | undefined;

  async function makeMissing(): Promise<void> {
    while (ready.length < count) ready.push(await make());
  }

  function fill(): Promise<void> {
    // Whoever needs a pair and finds none makes it and sees the error; here there is nobody to tell.
    filling ??= makeMissing()
      .catch(() => undefined)
      .finally(() => {
        filling = undefined;
      });
    return filling;
  }

  return {
    async take() {
      const pair = ready.shift() ?? (await make());
      void fill();
      return pair;
    },
    fill,
  };
}

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createHashThreads } from "./hash-threads.ts";

const cost = { memoryCost: 8, timeCost: 1, parallelism: 1, algorithm: 2 };

/** The ids of this process's threads, each with how far it goes behind others. */
function priorities(): Map<string, number> {
  return new Map(
    readdirSync("/proc/self/task").map((tid) => {
      const stat = readFileSync(`/proc/self/task/${tid}/stat`, "utf8");
      // proc_pid_stat(5): the 19th field, the second being a name in brackets.
      const nice = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[16];
      return [tid, Number(nice)];
    }),
  );
}

describe("threads that hash", () => {
  it("answer everybody what was asked, many at once", async () => {
    const threads = createHashThreads();
    const words = ["one", "two", "three", "four"];
    const hashes = await Promise.all(words.map((word) => threads.hash(word, cost)));
    const verdicts = hashes.flatMap((phc, at) =>
      words.map(async (word, other) => (await threads.verify(phc, word)) === (at === other)),
    );
    expect(await Promise.all(verdicts)).toEqual(verdicts.map(() => true));
  });

  it("go on after a hash that is none", async () => {
    const threads = createHashThreads();
    await expect(threads.verify("$argon2id$none", "x")).rejects.toThrow();
    expect(await threads.verify(await threads.hash("x", cost), "x")).toBe(true);
  });

  it.runIf(process.platform === "linux")("let the thread that answers go first", async () => {
    const before = priorities();
    await createHashThreads().hash("x", cost);
    const started = [...priorities()].filter(([tid]) => !before.has(tid));
    expect(Math.max(...started.map(([, nice]) => nice))).toBeGreaterThanOrEqual(10);
    expect(priorities().get(String(process.pid))).toBe(before.get(String(process.pid)));
  });
});

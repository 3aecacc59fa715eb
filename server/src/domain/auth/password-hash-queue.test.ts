import { describe, expect, it } from "vitest";
import { Overloaded } from "../../errors/overloaded.ts";
import { createQueue } from "./password-hash-queue.ts";

/** Jobs that end when they are told to, and a list of those that began. */
function manualJobs() {
  const begun: string[] = [];
  const ends = new Map<
    string,
    { resolve: (name: string) => void; reject: (error: Error) => void }
  >();
  const job = (name: string) => () => {
    begun.push(name);
    return new Promise<string>((resolve, reject) => ends.set(name, { resolve, reject }));
  };
  const end = (name: string) => ends.get(name)?.resolve(name);
  const fail = (name: string) => ends.get(name)?.reject(new Error(name));
  return { begun, job, end, fail };
}

/** Lets everything that is ready to go on do so. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("the hashing queue", () => {
  it("runs so many at once and the rest in the order they came", async () => {
    const { begun, job, end } = manualJobs();
    const queue = createQueue({ concurrency: 2, queueLimit: 10 });
    const results = ["a", "b", "c", "d"].map((name) => queue(job(name)));
    await settle();
    expect(begun).toEqual(["a", "b"]);
    end("b");
    await settle();
    expect(begun).toEqual(["a", "b", "c"]);
    end("a");
    await settle();
    expect(begun).toEqual(["a", "b", "c", "d"]);
    end("c");
    end("d");
    expect(await Promise.all(results)).toEqual(["a", "b", "c", "d"]);
  });

  it("refuses what comes when the queue is full, without running it, and takes more once there is room", async () => {
    const { begun, job, end } = manualJobs();
    const queue = createQueue({ concurrency: 1, queueLimit: 1 });
    const [first, second] = [queue(job("first")), queue(job("second"))];
    await expect(queue(job("third"))).rejects.toBeInstanceOf(Overloaded);
    end("first");
    await first;
    await settle();
    const fourth = queue(job("fourth"));
    end("second");
    await second;
    await settle();
    end("fourth");
    await fourth;
    expect(begun).toEqual(["first", "second", "fourth"]);
  });

  it("goes on after a job that failed, which fails for its caller alone", async () => {
    const { begun, job, end, fail } = manualJobs();
    const queue = createQueue({ concurrency: 1, queueLimit: 5 });
    const bad = queue(job("bad"));
    const good = queue(job("good"));
    await settle();
    fail("bad");
    await expect(bad).rejects.toThrow("bad");
    await settle();
    end("good");
    expect(await good).toBe("good");
    expect(begun).toEqual(["bad", "good"]);
  });

  it("frees the place of a job that throws before it begins to wait", async () => {
    const queue = createQueue({ concurrency: 1, queueLimit: 0 });
    const broken = queue(() => {
      throw new Error("at once");
    });
    await expect(broken).rejects.toThrow("at once");
    expect(await queue(async () => "next")).toBe("next");
  });

  it("never runs more than it may, whatever the crowd", async () => {
    const queue = createQueue({ concurrency: 3, queueLimit: 1000 });
    let [running, most] = [0, 0];
    const work = async () => {
      most = Math.max(most, ++running);
      await settle();
      running--;
    };
    await Promise.all(Array.from({ length: 200 }, () => queue(work)));
    expect(most).toBe(3);
    expect(running).toBe(0);
  });
});

/** How many requests a second one user may make with their tokens (AWS, "Quotas in Amazon Cognito"). */
import { tooManyRequests } from "../../errors/cognito-idp.ts";

const perSecond = 10;

/**
 * Counts the requests of each user, at one node: a read must not cost a write. What it holds is never more than what came
 * in one second.
 */
export function makeUserRate(): (user: { key: string; nowMs: number }) => void {
  let second = 0;
  let counts = new Map<string, number>();
  return ({ key, nowMs }) => {
    const now = Math.floor(nowMs / 1000);
    if (now !== second) {
      second = now;
      counts = new Map();
    }
    const count = (counts.get(key) ?? 0) + 1;
    if (count > perSecond) throw tooManyRequests();
    counts.set(key, count);
  };
}

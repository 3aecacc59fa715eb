const firstDelayMs = 5_000;
const longestDelayMs = 600_000;

/** How long after a failed attempt the next one comes: 5 s, 15 s, 45 s … and at last every ten minutes. */
export function retryDelayMs(attempts: number): number {
  return Math.min(firstDelayMs * 3 ** (attempts - 1), longestDelayMs);
}

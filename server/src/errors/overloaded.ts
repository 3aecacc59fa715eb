/** Thrown instead of starting work that would wait too long; the caller should try again later. */
export class Overloaded extends Error {
  constructor(what: string) {
    super(`too much ${what} is waiting`);
    this.name = "Overloaded";
  }
}

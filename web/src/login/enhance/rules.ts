/** Ticks off the rules that a new password meets, as it is typed. */
const meets: Readonly<Record<string, (value: string, length: number) => boolean>> = {
  length: (value, length) => [...value].length >= length,
  uppercase: (value) => /[A-Z]/.test(value),
  lowercase: (value) => /[a-z]/.test(value),
  number: (value) => /\d/.test(value),
  // AWS, "Adding user pool password requirements": these, and a space that is neither first nor last.
  symbol: (value) => /[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+-]/.test(value) || /\S +\S/.test(value),
};

export function tickRules(): void {
  for (const list of document.querySelectorAll<HTMLElement>("[data-rules-of]")) {
    const input = document.getElementById(list.dataset["rulesOf"] ?? "");
    if (!(input instanceof HTMLInputElement)) continue;
    const length = Number(list.dataset["length"]);
    const tick = () => {
      for (const item of list.querySelectorAll<HTMLElement>("[data-rule]")) {
        const isMet = meets[item.dataset["rule"] ?? ""]?.(input.value, length) ?? false;
        item.classList.toggle("met", isMet);
        item.classList.toggle("passwordCheck-valid-customizable", isMet);
        item.classList.toggle("passwordCheck-notValid-customizable", !isMet);
      }
    };
    input.addEventListener("input", tick);
    tick();
  }
}

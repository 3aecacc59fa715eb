/** Takes a code as a message or a keyboard has it: with spaces, with marks that nobody sees, in wide digits. */
export function cleanCodes(): void {
  const fields = document.querySelectorAll<HTMLInputElement>("input[autocomplete=one-time-code]");
  for (const field of fields) {
    field.form?.addEventListener("submit", () => {
      field.value = field.value.normalize("NFKC").replace(/[\s\p{Cf}]/gu, "");
    });
  }
}

/** Copies a key, and says so for a moment. */
const shownMs = 2_000;

export function enableCopying(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
    if (!navigator.clipboard) continue;
    const text = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset["copy"] ?? "");
      button.textContent = button.dataset["copied"] ?? "";
      setTimeout(() => {
        button.textContent = text;
      }, shownMs);
    });
  }
}

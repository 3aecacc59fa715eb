/** Lets users see the password that they type. */
export function enableReveal(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-reveal]")) {
    const input = document.getElementById(button.dataset["reveal"] ?? "");
    if (!(input instanceof HTMLInputElement)) continue;
    button.hidden = false;
    const set = (visible: boolean) => {
      input.type = visible ? "text" : "password";
      button.ariaPressed = String(visible);
    };
    button.addEventListener("click", () => {
      set(input.type === "password");
      input.focus();
    });
    // Browsers remember what was typed into a text field.
    input.form?.addEventListener("submit", () => set(false));
  }
}

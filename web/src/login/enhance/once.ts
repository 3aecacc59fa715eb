/** A form is sent once, however often its button is pressed, and says that it is on its way. */
export function sendOnce(): void {
  const forms = [...document.querySelectorAll<HTMLFormElement>("form[data-once]")];
  for (const form of forms) {
    form.addEventListener("submit", (event) => {
      if (form.ariaBusy === "true") event.preventDefault();
      form.ariaBusy = "true";
    });
  }
  // Whoever comes back by the browser's history finds it usable again.
  addEventListener("pageshow", () => {
    for (const form of forms) form.ariaBusy = null;
  });
}

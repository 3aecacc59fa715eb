/** The ceremonies of passkeys (W3C, Web Authentication Level 3). */
import { creationOptions, credentialText, requestOptions } from "./webauthn-json.ts";

const ceremonies: Readonly<Record<string, (options: string) => Promise<Credential | null>>> = {
  get: (options) => navigator.credentials.get({ publicKey: requestOptions(options) }),
  create: (options) => navigator.credentials.create({ publicKey: creationOptions(options) }),
};

export function enablePasskeys(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) {
    if (form.dataset["passkey"] === "conditional") void offerInField(form);
    else onSubmit(form);
  }
}

function onSubmit(form: HTMLFormElement): void {
  const problem = form.querySelector<HTMLElement>("[data-problem]");
  const run = async () => {
    if (problem) problem.hidden = true;
    form.ariaBusy = "true";
    try {
      const credential = await ceremonies[form.dataset["passkey"] ?? ""]?.(optionsOf(form));
      if (credential) return send(form, credential);
    } catch {
      // The user said no, or has none here; the browser does not tell which.
    }
    form.ariaBusy = null;
    if (problem) problem.hidden = false;
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.ariaBusy !== "true") void run();
  });
  form.hidden = false;
}

/** Offers the passkeys of this device in the field for the name, if the browser can. */
async function offerInField(form: HTMLFormElement): Promise<void> {
  try {
    if (!(await globalThis.PublicKeyCredential?.isConditionalMediationAvailable?.())) return;
    const publicKey = requestOptions(optionsOf(form));
    const credential = await navigator.credentials.get({ publicKey, mediation: "conditional" });
    if (credential) send(form, credential);
  } catch {
    // Nothing was chosen; the form is there.
  }
}

function optionsOf(form: HTMLFormElement): string {
  return form.dataset["options"] ?? "{}";
}

function send(form: HTMLFormElement, credential: Credential): void {
  const field = form.elements.namedItem("credential");
  if (!(field instanceof HTMLInputElement)) return;
  field.value = credentialText(credential);
  form.submit();
}

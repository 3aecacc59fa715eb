/** The ceremonies of passkeys (W3C, Web Authentication Level 3). */
type Ceremony = (options: string, signal?: AbortSignal) => Promise<Credential | null>;

const ceremonies: Readonly<Record<string, Ceremony>> = {
  get: (options) =>
    navigator.credentials.get({
      publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(options)),
    }),
  create: (options) =>
    navigator.credentials.create({
      publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(creationOptions(options)),
    }),
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
      const ceremony = ceremonies[form.dataset["passkey"] ?? ""];
      const credential = await ceremony?.(form.dataset["options"] ?? "{}");
      if (credential) return send(form, credential);
    } catch {
      // The user said no, or has none here; the browser does not tell which.
    }
    form.ariaBusy = null;
    if (!problem) return;
    problem.textContent = form.dataset["failed"] ?? "";
    problem.hidden = false;
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.ariaBusy !== "true") void run();
  });
}

/** Offers the passkeys of this device in the field for the name, if the browser can. */
async function offerInField(form: HTMLFormElement): Promise<void> {
  const canOffer = await globalThis.PublicKeyCredential?.isConditionalMediationAvailable?.();
  if (!canOffer) return;
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    JSON.parse(form.dataset["options"] ?? "{}"),
  );
  try {
    const credential = await navigator.credentials.get({ publicKey, mediation: "conditional" });
    if (credential) send(form, credential);
  } catch {
    // Nothing was chosen; the form is there.
  }
}

function send(form: HTMLFormElement, credential: Credential): void {
  const field = form.elements.namedItem("credential");
  if (!(field instanceof HTMLInputElement)) return;
  field.value = JSON.stringify(credential);
  form.submit();
}

/** Cognito wraps them in `publicKey` in one place and not in the other. */
function creationOptions(text: string): PublicKeyCredentialCreationOptionsJSON {
  const options = JSON.parse(text);
  return options.publicKey ?? options;
}

import { useAuthenticator } from "@aws-amplify/ui-react";
import { CopyButton } from "../../web/src/ui/copy-button.tsx";

/** Under which name an authenticator app lists the demo. */
export const totpIssuer = "Poolhouse demo";

/** The key behind a QR code, for apps without a camera. */
export function TotpKey({ secret }: { secret: string }) {
  return (
    <div className="totp-key">
      <code className="break" dir="ltr">
        {secret}
      </code>
      <CopyButton text={secret} what="key" />
    </div>
  );
}

/** What stands above the Authenticator's QR code. */
function SetupTotpHeader() {
  const { totpSecretCode } = useAuthenticator((context) => [context.totpSecretCode]);
  return (
    <div className="stack">
      <h2>Set up your authenticator app</h2>
      <p className="muted">
        Scan the code with the app on your phone, then type the six digits that it shows. No camera?
        Type this key into the app:
      </p>
      {totpSecretCode && <TotpKey secret={totpSecretCode} />}
    </div>
  );
}

/** The Authenticator's page that sets up an app. */
export const setupTotp = { Header: SetupTotpHeader };

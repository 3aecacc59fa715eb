import { fetchMFAPreference } from "aws-amplify/auth";
import { Notice } from "../../../web/src/ui/notice.tsx";
import { Page } from "../page.tsx";
import { usePool } from "../pool.tsx";
import { useLoaded } from "../use-loaded.ts";
import { AuthenticatorCard } from "./authenticator-card.tsx";
import { DevicesCard } from "./devices-card.tsx";
import { PasskeysCard } from "./passkeys-card.tsx";
import { RecoveryCodesCard } from "./recovery-codes-card.tsx";
import { SessionsCard } from "./sessions-card.tsx";

async function loadHasApp(): Promise<boolean> {
  const { enabled = [] } = await fetchMFAPreference();
  return enabled.includes("TOTP");
}

/** How the signed-in user signs in, and where; each pool has what its settings allow. */
export function SecurityPage() {
  const { pool } = usePool();
  const { value: hasApp, problem, reload } = useLoaded(loadHasApp);
  return (
    <Page title="Security" intro="What proves that it is you, and where you are signed in.">
      {problem && <Notice tone="danger">{problem}</Notice>}
      {hasApp === undefined && !problem && <p role="status">One moment…</p>}
      {hasApp !== undefined && (
        <div className="columns">
          <div className="column">
            {pool.mfa !== "OFF" && (
              <AuthenticatorCard hasApp={hasApp} required={pool.mfa === "ON"} onChanged={reload} />
            )}
            {pool.recoveryCodes && <RecoveryCodesCard hasApp={hasApp} />}
          </div>
          <div className="column">
            {pool.passkeys !== "none" && <PasskeysCard areBothFactors={pool.passkeys === "both"} />}
            {pool.devices && <DevicesCard />}
            {pool.sessions && <SessionsCard />}
          </div>
        </div>
      )}
    </Page>
  );
}

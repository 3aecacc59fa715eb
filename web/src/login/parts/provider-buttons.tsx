import type { ProviderButton } from "../../../../server/src/login/pages.ts";
import type { Say } from "../texts/index.ts";
import { ProviderLogo } from "./provider-logo.tsx";

/** A button for each identity provider, and the line between them and the form. */
export function ProviderButtons(props: { providers: readonly ProviderButton[]; say: Say }) {
  const { providers, say } = props;
  if (providers.length === 0) return null;
  return (
    <>
      <div className="providers">
        {providers.map(({ name, label, kind, url }) => (
          <a
            key={name}
            href={url}
            className={`button button-provider ${kind === "oidc" || kind === "saml" ? "idpButton" : "socialButton"}-customizable`}
          >
            <ProviderLogo kind={kind} label={label} />
            <span>{say("continueWith", { provider: label })}</span>
          </a>
        ))}
      </div>
      <Divider text={say("or")} />
    </>
  );
}

/** The line between two ways to go on. */
export function Divider({ text }: { text: string }) {
  return (
    <p className="divider idpDescription-customizable">
      <span>{text}</span>
    </p>
  );
}

import type { ProviderButton } from "../../../../server/src/login/pages.ts";
import type { Say } from "../texts/index.ts";

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
            <span className={`provider-mark provider-${kind}`} aria-hidden="true">
              {[...label][0]?.toUpperCase()}
            </span>
            {say("continueWith", { provider: label })}
          </a>
        ))}
      </div>
      <p className="divider">
        <span>{say("or")}</span>
      </p>
    </>
  );
}

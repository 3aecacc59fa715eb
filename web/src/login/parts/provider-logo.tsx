import type { ReactNode } from "react";
import type { ProviderButton } from "../../../../server/src/login/pages.ts";

/** The sign by which people know a provider; the first letter of one that has none here. */
export function ProviderLogo({ kind, label }: Pick<ProviderButton, "kind" | "label">) {
  if (kind === "oidc" || kind === "saml") {
    return (
      <span className="provider-logo provider-letter" aria-hidden="true">
        {[...label][0]?.toUpperCase()}
      </span>
    );
  }
  return (
    <svg
      className={`provider-logo provider-${kind}`}
      aria-hidden="true"
      width="20"
      height="20"
      viewBox="0 0 24 24"
    >
      {logos[kind]}
    </svg>
  );
}

const logos: Readonly<Record<Exclude<ProviderButton["kind"], "oidc" | "saml">, ReactNode>> = {
  google: (
    <g transform="scale(1.3333)">
      <path
        fill="#4285f4"
        d="M17.64 9.2c0-.64-.06-1.25-.16-1.84H9v3.48h4.84a4.14 4.14 0 0 1-1.8 2.72v2.26h2.92c1.7-1.57 2.68-3.88 2.68-6.62Z"
      />
      <path
        fill="#34a853"
        d="M9 18c2.43 0 4.47-.8 5.96-2.18l-2.91-2.26c-.81.54-1.84.86-3.05.86-2.34 0-4.33-1.58-5.04-3.71H.96v2.33A9 9 0 0 0 9 18Z"
      />
      <path fill="#fbbc05" d="M3.96 10.71a5.4 5.4 0 0 1 0-3.42V4.96H.96a9 9 0 0 0 0 8.08l3-2.33Z" />
      <path
        fill="#ea4335"
        d="M9 3.58c1.32 0 2.5.45 3.44 1.35l2.58-2.59A9 9 0 0 0 .96 4.96l3 2.33C4.67 5.16 6.66 3.58 9 3.58Z"
      />
    </g>
  ),
  facebook: (
    <path
      fill="#0866ff"
      d="M24 12.07C24 5.45 18.63.07 12 .07S0 5.45 0 12.07c0 6 4.39 10.96 10.13 11.86v-8.39H7.08v-3.47h3.05V9.43c0-3.01 1.79-4.67 4.53-4.67 1.31 0 2.69.24 2.69.24v2.95h-1.52c-1.49 0-1.96.92-1.96 1.87v2.25h3.33l-.53 3.47h-2.8v8.39C19.61 23.03 24 18.06 24 12.07Z"
    />
  ),
  apple: (
    <path
      fill="currentColor"
      d="M12.15 6.9c-.95 0-2.42-1.08-3.96-1.04-2.04.03-3.91 1.18-4.96 3.01-2.12 3.68-.55 9.1 1.52 12.09 1.01 1.45 2.2 3.09 3.79 3.04 1.52-.07 2.09-.99 3.93-.99 1.83 0 2.35.99 3.96.95 1.64-.03 2.68-1.48 3.68-2.95 1.15-1.69 1.63-3.32 1.66-3.41-.04-.02-3.18-1.22-3.22-4.86-.03-3.04 2.48-4.5 2.6-4.56-1.43-2.09-3.63-2.32-4.39-2.38-2-.15-3.68 1.09-4.61 1.1ZM15.53 3.83c.84-1.01 1.4-2.43 1.25-3.83-1.21.05-2.67.8-3.54 1.82-.78.9-1.45 2.34-1.27 3.71 1.34.11 2.71-.68 3.56-1.7Z"
    />
  ),
  amazon: (
    <g fill="none" strokeLinecap="round">
      <circle cx="11" cy="9.5" r="4.6" stroke="currentColor" strokeWidth="2.6" />
      <path d="M15.8 4.6v8c0 1.2.6 1.9 1.8 1.9" stroke="currentColor" strokeWidth="2.6" />
      <path d="M2.5 17.8c5.8 4 13 4 18.6.6M18 17.6l3.4.5-1 3.1" stroke="#ff9900" strokeWidth="2" />
    </g>
  ),
};

import type { ReactNode } from "react";

function icon(paths: ReactNode) {
  return function Icon() {
    return (
      <svg
        aria-hidden="true"
        width="20"
        height="20"
        viewBox="0 0 20 20"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      >
        {paths}
      </svg>
    );
  };
}

export const CopyIcon = icon(
  <>
    <rect x="7" y="7" width="9.5" height="9.5" rx="2" />
    <path d="M4.5 13A1.5 1.5 0 0 1 3 11.5V5a2 2 0 0 1 2-2h6.5A1.5 1.5 0 0 1 13 4.5" />
  </>,
);
export const CheckIcon = icon(<path d="m4 10.5 4 4 8-9" />);
export const ArrowIcon = icon(<path className="icon-arrow" d="M4 10h12m-5-5 5 5-5 5" />);
export const MailIcon = icon(
  <>
    <rect x="2.5" y="4" width="15" height="12" rx="2.5" />
    <path d="m3 6 7 5 7-5" />
  </>,
);
export const AppIcon = icon(
  <>
    <rect x="2.5" y="3.5" width="15" height="13" rx="2.5" />
    <path d="M2.5 7.5h15M5.2 5.5h.01M7.5 5.5h.01" />
  </>,
);
export const ConsoleIcon = icon(<path d="M3 6h8m4 0h2M3 14h2m4 0h8M13 4v4M7 12v4" />);
export const EyeIcon = icon(
  <>
    <path d="M1.8 10S4.8 4.5 10 4.5 18.2 10 18.2 10 15.2 15.5 10 15.5 1.8 10 1.8 10Z" />
    <circle cx="10" cy="10" r="2.5" />
  </>,
);
export const EyeOffIcon = icon(
  <path d="M8 4.7A8 8 0 0 1 10 4.5c5.2 0 8.2 5.5 8.2 5.5a14 14 0 0 1-2 2.6m-2.3 1.8a7.4 7.4 0 0 1-3.9 1.1C4.8 15.5 1.8 10 1.8 10a14 14 0 0 1 3.9-4.2M8.3 8.2a2.5 2.5 0 0 0 3.5 3.5M3 3l14 14" />,
);

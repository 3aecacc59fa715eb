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
export const PersonIcon = icon(
  <>
    <circle cx="10" cy="6.8" r="3.3" />
    <path d="M3.5 17c.6-3.4 3.2-5 6.5-5s5.9 1.6 6.5 5" />
  </>,
);
export const LockIcon = icon(
  <>
    <rect x="4" y="9" width="12" height="8" rx="2" />
    <path d="M6.8 9V6.5a3.2 3.2 0 0 1 6.4 0V9" />
  </>,
);
export const MessageIcon = icon(
  <path d="M4.5 3.5h11a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H9L5 17v-3.5h-.5a2 2 0 0 1-2-2v-6a2 2 0 0 1 2-2ZM6.7 8.5h.01M10 8.5h.01M13.3 8.5h.01" />,
);
export const PhoneIcon = icon(
  <>
    <rect x="5.5" y="2" width="9" height="16" rx="2.2" />
    <path d="M9 15h2" />
  </>,
);
export const PasskeyIcon = icon(
  <>
    <circle cx="7.5" cy="6.3" r="3" />
    <path d="M2 16.5c.4-3 2.6-4.7 5.5-4.7.9 0 1.7.2 2.4.4" />
    <circle cx="14.6" cy="9.6" r="2.4" />
    <path d="M14.6 12v5.2l1.8-1.5m-1.8-1.5h1.8" />
  </>,
);
export const DeviceIcon = icon(
  <>
    <rect x="2.5" y="3.5" width="15" height="10" rx="2" />
    <path d="M6.5 17h7M10 13.5V17" />
  </>,
);
export const GlobeIcon = icon(
  <>
    <circle cx="10" cy="10" r="7.5" />
    <path d="M2.5 10h15M10 2.5c2.2 2 3.2 4.6 3.2 7.5s-1 5.5-3.2 7.5c-2.2-2-3.2-4.6-3.2-7.5s1-5.5 3.2-7.5Z" />
  </>,
);
export const ChevronIcon = icon(<path d="m6 8 4 4 4-4" />);
export const AlertIcon = icon(
  <>
    <circle cx="10" cy="10" r="7.5" />
    <path d="M10 6v4.6M10 13.6h.01" />
  </>,
);
export const InfoIcon = icon(
  <>
    <circle cx="10" cy="10" r="7.5" />
    <path d="M10 9.5V14M10 6.5h.01" />
  </>,
);
export const DoneIcon = icon(
  <>
    <circle cx="10" cy="10" r="7.5" />
    <path d="m6.6 10.3 2.4 2.4 4.5-5" />
  </>,
);
export const StopIcon = icon(
  <>
    <circle cx="10" cy="10" r="7.5" />
    <path d="m7.5 7.5 5 5m0-5-5 5" />
  </>,
);

/** The Poolhouse mark: a roof over water. */
export function Mark() {
  return (
    <svg aria-hidden="true" width="28" height="28" viewBox="0 0 32 32" className="mark">
      <rect width="32" height="32" rx="9" fill="currentColor" />
      <g fill="none" strokeWidth="2.4" strokeLinecap="round" strokeLinejoin="round">
        <path d="m7 14.5 9-7 9 7" />
        <path d="M7 20c1.5-1.3 3-1.3 4.5 0s3 1.3 4.5 0 3-1.3 4.5 0 3 1.3 4.5 0" />
        <path d="M7 25c1.5-1.3 3-1.3 4.5 0s3 1.3 4.5 0 3-1.3 4.5 0 3 1.3 4.5 0" />
      </g>
    </svg>
  );
}

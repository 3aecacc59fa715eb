/** Where the dev server serves its pages. */
export const paths = { start: "/", inbox: "/inbox", demo: "/demo/" };

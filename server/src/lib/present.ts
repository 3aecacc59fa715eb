type Present<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The entries that are there; those that are undefined are left out, so that absent and undefined are never two things. */
export function present<T extends object>(entries: T): Present<T> {
  // What is left is exactly what the type says.
  return Object.fromEntries(
    Object.entries(entries).filter(([, value]) => value !== undefined),
  ) as Present<T>;
}

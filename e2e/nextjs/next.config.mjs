/** The workspace around has a lockfile of its own. */
export default { turbopack: { root: import.meta.dirname } };

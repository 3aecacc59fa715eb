declare const LOGIN_ASSETS: { readonly css: string; readonly js: string };

/** The names of the built style sheet and script, which change with what is in them (vite.login.config.ts). */
export const assets = LOGIN_ASSETS;

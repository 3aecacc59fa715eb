/** The commands: one file and one line each. A file is loaded only when its command runs, so that every start is fast. */
import type { Command } from "commander";

/** Adds a command's description, options and action. */
export type DefineCommand = (command: Command) => void;

type Listed = { readonly summary: string; load(): Promise<{ readonly define: DefineCommand }> };

export const commands: Readonly<Record<string, Listed>> = {
  dev: {
    summary: "run a server for development, with an inbox and a clock of its own",
    load: () => import("./dev.ts"),
  },
  serve: { summary: "run a server for production", load: () => import("./serve.ts") },
  apply: {
    summary: "make what a CloudFormation template describes on a running server",
    load: () => import("./apply.ts"),
  },
  audit: {
    summary: "read or check the audit trail of a running server",
    load: () => import("./audit.ts"),
  },
  keys: { summary: "make the keys of a server, or rotate them", load: () => import("./keys.ts") },
  trust: {
    summary: "let this machine trust the server's certificate",
    load: () => import("./trust.ts"),
  },
  env: {
    summary: "print the variables that point AWS tools at the server",
    load: () => import("./env.ts"),
  },
};

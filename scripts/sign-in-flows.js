// Prints docs/sign-in-flows.md from the tables of the machine. `npm run sign-in-flows` writes it; a test fails when it is
// no longer true.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { challenges, flows } from "../server/src/domain/auth/flows.ts";
import { rows } from "../server/src/domain/auth/next-step.ts";
import { root } from "./install.js";

const page = join(root, "docs/sign-in-flows.md");

const flowRows = Object.entries(flows)
  .map(([name, { takes, leadsTo }]) => `| ${name} | ${takes} | ${leadsTo} |`)
  .join("\n");

const challengeRows = Object.entries(challenges)
  .map(([name, { takes, proves }]) => `| ${name} | ${takes} | ${proves} |`)
  .join("\n");

const stepRows = rows
  .map(({ when, asks }, index) => `| ${index + 1} | ${when} | ${asks} |`)
  .join("\n");

export function signInFlowsPage() {
  return `# Sign-in flows

Printed from the machine's own tables (\`server/src/domain/auth\`) by \`npm run sign-in-flows\`: what it says is what runs.
The public operations and the admin ones, and so every way into a pool, go through the same machine.

A sign-in **begins** with a flow, **proves** one thing after another, and after each proof the table "What comes next"
decides, from the pool, the user and all that was proved. It is asked once more in the transaction that issues the tokens:
a factor that was switched on meanwhile is not passed by.

## A sign-in begins

SECRET_HASH goes along where the client has a secret, DEVICE_KEY where the device has one.

| Flow | Takes | Leads to |
| --- | --- | --- |
${flowRows}

## A challenge is answered

Every answer takes USERNAME (as typed, or the user's own name, or an alias) and the Session; PASSWORD_VERIFIER may go
without a Session.

| Challenge | Takes | Proves |
| --- | --- | --- |
${challengeRows}

## What comes next

The first row that applies.

| | When | Asks |
| --- | --- | --- |
${stepRows}
| ${rows.length + 1} | nothing of the above | nothing: the tokens are issued |

## What a Session is

256 random bits, of which the server keeps a hash. It is bound to the pool, the client, the user and the challenge, lives as
long as the client's AuthSessionValidity, and a right answer uses it up. A wrong code, password, passkey or new password
leaves it good; an answer to PASSWORD_VERIFIER or CUSTOM_CHALLENGE uses it up either way. It is void once the user has
another password or is disabled.

Guesses are counted per user, whatever the Session, client or node: passwords, codes that are the first factor, and
codes of second factors each have their own count, and passing one kind clears no other. Five are free, then each doubles
the wait, up to fifteen minutes.

## Where it is stricter than Cognito

- A custom flow without a password asks for a second factor that is due, after its functions are content:
  [decisions/custom-auth-mfa.md](decisions/custom-auth-mfa.md).
- In the hardened profile a client that hides who exists offers every user of USER_AUTH what the pool allows, and puts up
  challenges that cannot be passed; and whoever confirms a sign-up by a code of USER_AUTH voids the password that the
  sign-up came with, since it was never proved to be theirs. Only the address that is to confirm the sign-up does so.
- A factor that is switched off, or switched on, while a sign-in is under way counts as it is at the end.
`;
}

/** Whether the page says what the tables say. */
export function isCurrent() {
  return readFileSync(page, "utf8") === signInFlowsPage();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(page, signInFlowsPage());

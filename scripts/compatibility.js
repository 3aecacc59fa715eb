// Prints docs/compatibility.md from the tables that the server itself runs on. `npm run compatibility` writes it; a test
// fails when it is no longer true.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cognitoIdentity } from "../server/src/operations/cognito-identity/index.ts";
import { cognitoIdp } from "../server/src/operations/cognito-idp/index.ts";
import {
  unbuiltClientSettings,
  unbuiltDomainSettings,
  unbuiltPoolSettings,
  unbuiltRiskSettings,
} from "../server/src/operations/cognito-idp/unbuilt-settings.ts";
import { kms } from "../server/src/operations/kms/index.ts";
import { poolhouse } from "../server/src/operations/poolhouse/index.ts";
import { root } from "./install.js";

export const page = join(root, "docs/compatibility.md");

const callers = { public: "anybody", token: "an access token", iam: "a signature" };

function operationRows({ operations }) {
  return Object.entries(operations)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, { caller }]) => `| ${name} | ${callers[caller]} |`)
    .join("\n");
}

/** Operations that are missing, by reason: a list of eighty lines would say the same eight things. */
function missingRows({ unsupported }) {
  const byReason = Map.groupBy(Object.keys(unsupported).sort(), (name) => unsupported[name]);
  return [...byReason]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([reason, names]) => `| ${reason} | ${names.join(", ")} |`)
    .join("\n");
}

function settingRows(settings) {
  return settings
    .map(({ setting, fine = "", reason }) => `| \`${setting}\` | ${fine} | ${reason} |`)
    .join("\n");
}

const count = (table) => Object.keys(table).length;

export function compatibilityPage() {
  const here = count(cognitoIdp.operations);
  const all = here + count(cognitoIdp.unsupported);
  return `# Compatibility with AWS

Printed from the server's own tables by \`npm run compatibility\`: what it says is what runs.

- An operation that is not here answers \`UnknownOperationException\` with the reason.
- A setting that would restrict or change sign-in and that nothing acts on yet is refused by name
  (\`InvalidParameterException\`). It is never stored and ignored.
- Texts, states and limits where AWS's own behaviour is not known are listed in
  [decisions/unverified.md](decisions/unverified.md).

## User pools: ${here} of ${all} operations

| Operation | Who may call it |
| --- | --- |
${operationRows(cognitoIdp)}

### Not here yet

| Why | Operations |
| --- | --- |
${missingRows(cognitoIdp)}

### Settings of a pool that are refused

| Setting | Fine all the same | Why |
| --- | --- | --- |
${settingRows(unbuiltPoolSettings)}

### Settings of an app client that are refused

| Setting | Fine all the same | Why |
| --- | --- | --- |
${settingRows(unbuiltClientSettings)}

### Settings of a domain that are refused

| Setting | Fine all the same | Why |
| --- | --- | --- |
${settingRows(unbuiltDomainSettings)}

### Members of a risk configuration that are refused

| Setting | Fine all the same | Why |
| --- | --- | --- |
${settingRows(unbuiltRiskSettings)}

## Identity pools: ${count(cognitoIdentity.operations)} of ${count(cognitoIdentity.operations) + count(cognitoIdentity.unsupported)} operations

| Why | Operations |
| --- | --- |
${missingRows(cognitoIdentity)}

## KMS: ${count(kms.operations)} of ${count(kms.operations) + count(kms.unsupported)} operations

For the functions that send messages themselves ([custom senders](decisions/custom-senders.md)).

| Operation | Who may call it |
| --- | --- |
${operationRows(kms)}

| Why | Operations |
| --- | --- |
${missingRows(kms)}

## Poolhouse's own operations

\`X-Amz-Target: PoolhouseService.<Operation>\`, signed for as service \`poolhouse\`.

| Operation | Who may call it |
| --- | --- |
${operationRows(poolhouse)}
`;
}

/** Whether the page says what the tables say. */
export function isCurrent() {
  return readFileSync(page, "utf8") === compatibilityPage();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(page, compatibilityPage());

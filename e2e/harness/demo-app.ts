/** What a person does in the demo app: finds things by their names, types, clicks, and reads the answer. */
import type { Page } from "playwright-core";

export type Account = { readonly email: string; readonly password: string };

export type DemoPage = "Home" | "Profile" | "Security" | "Members" | "API";

/** Goes to a page of the demo by its navigation, without a reload. */
export async function goTo(page: Page, name: DemoPage): Promise<void> {
  await page.getByRole("navigation").getByRole("link", { name, exact: true }).click();
}

/** Resolves once a page's heading, a card's or a form's is in view. */
export async function seeHeading(page: Page, name: string): Promise<void> {
  await page.getByRole("heading", { name }).waitFor();
}

/** Resolves once this text is in view. */
export async function seeText(page: Page, text: string): Promise<void> {
  await page.getByText(text).first().waitFor();
}

export async function signIn(page: Page, { email, password }: Account): Promise<void> {
  await page.getByRole("textbox", { name: "Email" }).fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

export async function signOut(page: Page): Promise<void> {
  await page.getByRole("banner").getByRole("button", { name: "Sign out" }).click();
}

/** Fills the sign-up form in, up to the code. */
export async function signUp(page: Page, { email, password }: Account): Promise<void> {
  await page.getByRole("tab", { name: "Create Account" }).click();
  await page.getByRole("textbox", { name: "Email" }).fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByLabel("Confirm Password").fill(password);
  await page.getByRole("button", { name: "Create account with Password" }).click();
}

/** Follows the page's own link to the inbox, waits for so many messages, and reads the newest one's code. */
export async function codeFromInbox(page: Page, messages = 1): Promise<string> {
  const opened = page.waitForEvent("popup");
  await page.getByRole("link", { name: "Find your code in the inbox" }).click();
  const inbox = await opened;
  const articles = inbox.getByRole("article");
  await articles.nth(messages - 1).waitFor();
  const code = await articles
    .first()
    .getByText(/^\d{6}$/)
    .innerText();
  await inbox.close();
  return code;
}

/** Types the code into the form that waits for it. */
export async function confirm(page: Page, code: string): Promise<void> {
  await page.getByLabel("Code").fill(code);
  await page.getByRole("button", { name: "Confirm", exact: true }).click();
}

/** Calls the API by its button; what the page says of the answer. */
export async function callApi(page: Page, path: "/me" | "/admin"): Promise<string> {
  const card = page.getByRole("region", { name: path === "/me" ? "Who am I" : "Administration" });
  await card.getByRole("button", { name: `Call ${path}` }).click();
  // The answer comes with its status, and an earlier one goes as soon as the call starts.
  await card.getByRole("figure", { name: "Answer" }).waitFor();
  return await card.getByRole("status").innerText();
}

/** The key of the authenticator app that the page sets up. */
export async function totpKey(page: Page): Promise<string> {
  return await page
    .getByRole("code")
    .filter({ hasText: /^[A-Z2-7]{32}$/ })
    .innerText();
}

/** The demo in a browser, twice: where the server itself has it, and from another origin, as apps are. */
import { AdminCreateUserCommand } from "@aws-sdk/client-cognito-identity-provider";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startBrowser, type TestBrowser } from "./harness/browser.ts";
import {
  callApi,
  codeFromInbox,
  confirm,
  goTo,
  seeHeading,
  seeText,
  signIn,
  signOut,
  signUp,
} from "./harness/demo-app.ts";
import { type DemoElsewhere, serveDemoElsewhere } from "./harness/demo-elsewhere.ts";
import { send } from "./harness/request.ts";
import { demo, type Server, startServer, stopAll } from "./harness/server.ts";
import { trust } from "./harness/trust.ts";
import { makeUser, newAddress, password } from "./harness/users.ts";

let server: Server;
let browser: TestBrowser;
let elsewhere: DemoElsewhere;
beforeAll(async () => {
  server = await startServer();
  trust(server);
  [browser, elsewhere] = await Promise.all([
    startBrowser(server.caFile),
    serveDemoElsewhere(server.url),
  ]);
});
afterEach(async () => {
  expect(await browser.leave()).toEqual([]);
});
afterAll(async () => {
  await browser?.close();
  await elsewhere?.close();
  await stopAll();
});

const newPassword = "Another-Horse-7-Staple";

/** Everything in which a page can leave something that outlives it. */
async function leftBehind(page: Page) {
  const inPage = await page.evaluate(async () => ({
    localStorage: Object.entries({ ...localStorage }),
    sessionStorage: Object.entries({ ...sessionStorage }),
    databases: await indexedDB.databases(),
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    windowName: window.name,
    historyState: history.state,
  }));
  return { ...inPage, cookies: await page.context().cookies() };
}

const nothing = {
  localStorage: [],
  sessionStorage: [],
  databases: [],
  caches: [],
  workers: 0,
  windowName: "",
  historyState: null,
  cookies: [],
};

/** The addresses of all that pages of this profile ask for from now on. */
function watchAddresses(page: Page): string[] {
  const addresses: string[] = [];
  page.context().on("request", (request) => addresses.push(request.url()));
  return addresses;
}

const places = [
  { place: "as the server has it", urlOf: () => `${server.url}/demo/` },
  { place: "from another origin", urlOf: () => elsewhere.url },
];

describe.each(places)("the demo $place", ({ urlOf }) => {
  async function open(path = ""): Promise<Page> {
    const page = await browser.open();
    await page.goto(`${urlOf()}${path}`);
    return page;
  }

  test("a newcomer signs up with the code in the inbox, is signed in, calls the API and leaves no token behind", async () => {
    const page = await open();
    const addresses = watchAddresses(page);
    const email = newAddress();
    await signUp(page, { email, password });
    await confirm(page, await codeFromInbox(page));

    await seeHeading(page, "You are signed in");
    await seeText(page, `"email": "${email}"`);
    expect(await leftBehind(page)).toEqual(nothing);

    await goTo(page, "Profile");
    await seeHeading(page, "Your profile");
    await seeText(page, "Verified");
    await goTo(page, "Members");
    await seeHeading(page, `Good to see you, ${email}`);
    await goTo(page, "API");
    expect(await callApi(page, "/me")).toMatch(/^200\s+Welcome/);
    expect(await callApi(page, "/admin")).toMatch(/^403\s+Refused/);
    expect(await leftBehind(page)).toEqual(nothing);

    await signOut(page);
    await seeText(page, "You are not signed in");
    expect(await callApi(page, "/me")).toMatch(/^401\s+Refused: nobody is signed in/);
    expect(await callApi(page, "/admin")).toMatch(/^401\s+Refused: nobody is signed in/);
    expect(await leftBehind(page)).toEqual(nothing);
    expect(addresses.length).toBeGreaterThan(5);
    expect(addresses.filter((address) => /eyJ|token=|password/i.test(address))).toEqual([]);
  });

  test("a wrong password is refused in words, the right one signs in, and a reload signs out as the page says", async () => {
    const email = await makeUser(server);
    const page = await open();
    await signIn(page, { email, password: "Wrong-Horse-9-Battery" });
    await page.getByRole("alert").getByText("Incorrect username or password.").waitFor();

    await signIn(page, { email, password });
    await seeHeading(page, "You are signed in");
    await seeText(page, "reload it, and you are signed out");
    await page.reload();
    await page.getByRole("tab", { name: "Sign In" }).waitFor();
    expect(await leftBehind(page)).toEqual(nothing);
  });

  test("whoever forgot the password sets a new one with the code in the inbox", async () => {
    const email = await makeUser(server);
    const page = await open();
    await page.getByRole("button", { name: "Forgot your password?" }).click();
    await page.getByRole("textbox", { name: "Enter your email" }).fill(email);
    await page.getByRole("button", { name: "Send code" }).click();
    await page.getByLabel("Code").fill(await codeFromInbox(page));
    await page.getByLabel("New Password").fill(newPassword);
    await page.getByLabel("Confirm Password").fill(newPassword);
    await page.getByRole("button", { name: "Submit" }).click();

    await page.getByRole("tab", { name: "Sign In" }).waitFor();
    await signIn(page, { email, password: newPassword });
    await seeHeading(page, "You are signed in");
  });

  test("name, e-mail address and password change on the profile page, and the account goes when asked", async () => {
    const page = await open("#/profile");
    const email = await makeUser(server);
    const newEmail = newAddress();
    await signIn(page, { email, password });
    const attributes = page.getByRole("region", { name: "Attributes" });

    await page.getByLabel("Your name").fill("Ada Lovelace");
    await page.getByRole("button", { name: "Save name" }).click();
    await seeText(page, "Your name is saved.");
    await attributes.getByText("Ada Lovelace").waitFor();

    await page.getByLabel("New e-mail address").fill(newEmail);
    await page.getByRole("button", { name: "Change e-mail" }).click();
    await seeText(page, `A code is on its way to ${newEmail}.`);
    await attributes.getByText(email).waitFor();
    await confirm(page, await codeFromInbox(page));
    await attributes.getByText(newEmail).waitFor();
    await attributes.getByText("Verified", { exact: true }).waitFor();

    await page.getByLabel("Present password").fill(password);
    await page.getByLabel("New password").fill("too-plain");
    await page.getByRole("button", { name: "Change password" }).click();
    await page.getByRole("alert").getByText("Password did not conform with policy").waitFor();
    await page.getByLabel("New password").fill(newPassword);
    await page.getByRole("button", { name: "Change password" }).click();
    await seeText(page, "Your password is changed.");
    await signOut(page);
    await signIn(page, { email: newEmail, password: newPassword });

    await page.getByRole("button", { name: "Delete my account" }).click();
    await page.getByRole("button", { name: "Yes, delete it" }).click();
    await page.getByRole("tab", { name: "Sign In" }).waitFor();
    expect(await leftBehind(page)).toEqual(nothing);
    await signIn(page, { email: newEmail, password: newPassword });
    await page.getByRole("alert").getByText("Incorrect username or password.").waitFor();
  });

  test("the members' page, wrapped in withAuthenticator, opens to whoever signs in on it", async () => {
    const email = await makeUser(server);
    const page = await open("#/members");
    await seeHeading(page, "Members only");
    expect(await page.getByText("Good to see you").count()).toBe(0);
    await signIn(page, { email, password });
    await seeHeading(page, `Good to see you, ${email}`);
  });

  test("the administrator whose password the server printed may call everything", async () => {
    const [, printed = ""] = /admin@example\.com\s+(\S+)/.exec(server.output()) ?? [];
    const page = await open();
    await signIn(page, { email: "admin@example.com", password: printed });
    await seeHeading(page, "You are signed in");
    await goTo(page, "API");
    expect(await callApi(page, "/admin")).toMatch(/^200\s+Welcome/);
    expect(await callApi(page, "/me")).toMatch(/^200\s+Welcome/);
  });

  test("whoever left before the code came back may sign in later and finish", async () => {
    const email = newAddress();
    const first = await open();
    await signUp(first, { email, password });
    await codeFromInbox(first);
    const page = await open();
    await signIn(page, { email, password });
    // Amplify asks for a new code by itself, and for the password again after it.
    await confirm(page, await codeFromInbox(page, 2));
    await signIn(page, { email, password });
    await seeHeading(page, "You are signed in");
  });

  test("whom an administrator invited chooses a password at the first sign-in", async () => {
    const email = newAddress();
    const temporary = "Temporary-1-Horse";
    await server.client().send(
      new AdminCreateUserCommand({
        UserPoolId: demo.userPoolId,
        Username: email,
        TemporaryPassword: temporary,
        MessageAction: "SUPPRESS",
        UserAttributes: [
          { Name: "email", Value: email },
          { Name: "email_verified", Value: "true" },
        ],
      }),
    );
    const page = await open();
    await signIn(page, { email, password: temporary });
    await seeHeading(page, "Change Password");
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByLabel("Confirm Password").fill(password);
    await page.getByRole("button", { name: "Change Password" }).click();
    await seeHeading(page, "You are signed in");
    expect(await leftBehind(page)).toEqual(nothing);
  });
});

test("a weak password is met with every rule that it breaks", async () => {
  const page = await browser.open();
  await page.goto(`${server.url}/demo/`);
  await page.getByRole("tab", { name: "Create Account" }).click();
  await page.getByLabel("Password", { exact: true }).fill("ab");
  await page.getByLabel("Confirm Password").fill("abc");
  for (const lacks of ["at least 8", "upper case", "numbers", "special"]) {
    await seeText(page, `Password must have ${lacks}`);
  }
  expect(await page.getByText("lower case").count()).toBe(0);
});

test("from another origin the browser asks before each kind of call", async () => {
  const page = await browser.open();
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  const asked = new Set<string>();
  session.on("Network.requestWillBeSent", ({ request }) => {
    if (request.method === "OPTIONS") asked.add(new URL(request.url).pathname);
  });
  await page.goto(elsewhere.url);
  await signIn(page, { email: await makeUser(server), password });
  await seeHeading(page, "You are signed in");
  await goTo(page, "API");
  await callApi(page, "/me");
  expect([...asked]).toEqual(["/", expect.stringMatching(/^\/_api\/.+\/me$/)]);
});

test("a page of another origin can neither read the inbox nor move the clock", async () => {
  const page = await browser.open();
  await page.goto(elsewhere.url);
  const answered = await page.evaluate(async (url) => {
    const body = JSON.stringify({ advanceSeconds: 86_400 });
    const calls = [
      fetch(`${url}/_poolhouse/inbox`),
      fetch(`${url}/_poolhouse/dev.json`),
      // As text it needs no leave of the server to be sent.
      fetch(`${url}/_poolhouse/clock`, { method: "POST", body }),
    ];
    return (await Promise.allSettled(calls)).filter(({ status }) => status === "fulfilled");
  }, server.url);
  expect(answered).toEqual([]);
  const { headers } = await send(`${server.url}/_poolhouse/health`, { ca: server.ca });
  expect(Math.abs(Date.parse(String(headers["date"])) - Date.now())).toBeLessThan(3_600_000);

  const complaints = await browser.leave();
  expect(complaints.filter((each) => !/CORS policy|ERR_FAILED/.test(each))).toEqual([]);
});

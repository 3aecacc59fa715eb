/** The pages of development in a browser: what they say is right, and everybody can use them. */
import { execFile } from "node:child_process";
import { chmod, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  SignUpCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { launch, makeHome, startBrowser, type TestBrowser } from "./harness/browser.ts";
import { callApi, goTo, seeHeading, seeText, signIn, signUp } from "./harness/demo-app.ts";
import { axeFindings, layoutFaults, operable, walkByTab } from "./harness/looks.ts";
import { demo, root, type Server, startServer, stopAll } from "./harness/server.ts";
import { trust } from "./harness/trust.ts";
import { makeUser, newAddress, password } from "./harness/users.ts";

const run = promisify(execFile);

let server: Server;
let browser: TestBrowser;
beforeAll(async () => {
  server = await startServer();
  trust(server);
  browser = await startBrowser(server.caFile);
});
afterEach(async () => {
  expect(await browser.leave()).toEqual([]);
});
afterAll(async () => {
  await browser?.close();
  await stopAll();
});

async function open(path: string): Promise<Page> {
  const page = await browser.open({ permissions: ["clipboard-read", "clipboard-write"] });
  await page.goto(`${server.url}${path}`);
  return page;
}

/** Signs somebody up, so that a message is sent. */
async function sendCodeTo(email: string): Promise<string> {
  await server
    .client()
    .send(new SignUpCommand({ ClientId: demo.webClientId, Username: email, Password: password }));
  const { code } = await server.message(email);
  return code ?? "";
}

/** A home folder that goes when the test is over. */
async function homeForTest(): Promise<string> {
  const home = await makeHome();
  onTestFinished(() => rm(home, { recursive: true }));
  return home;
}

const clipboard = (page: Page) => page.evaluate(() => navigator.clipboard.readText());

describe("the start page", () => {
  /** The lines under this caption. */
  async function linesOf(page: Page, caption: string): Promise<string> {
    return await page
      .getByRole("figure", { name: caption, exact: true })
      .getByRole("code")
      .innerText();
  }

  test("opens the doors that there are, and says of the third that it is still to come", async () => {
    const page = await open("/");
    await seeText(page, `Running at ${server.url}`);
    const doors = page.getByRole("main").getByRole("list").first().getByRole("listitem");
    expect(await doors.getByRole("heading").allInnerTexts()).toEqual([
      "Demo app",
      "Inbox",
      expect.stringMatching(/Console\s+Coming/),
    ]);
    expect(await doors.getByRole("link").count()).toBe(2);
    for (const [door, heading] of [
      ["Demo app", "Sign in to the demo"],
      ["Inbox", "Inbox"],
    ] as const) {
      await doors.getByRole("link", { name: door }).click();
      await seeHeading(page, heading);
      await page.goBack();
    }
  });

  test("its lines for an app and for Node, pasted, sign a user in with Amplify", async () => {
    const page = await open("/");
    const email = await makeUser(server);
    const script = `${await linesOf(page, "Amplify")}
import { fetchUserAttributes, signIn } from "aws-amplify/auth";
await signIn(${JSON.stringify({ username: email, password })});
console.log((await fetchUserAttributes()).email);
process.exit();`;
    const terminal = `${await linesOf(page, "Node and AWS tools, per terminal")}
exec node --input-type=module --eval "$SCRIPT"`;
    const { stdout } = await run("sh", ["-c", terminal], {
      cwd: join(root, "e2e"),
      env: { PATH: join(process.execPath, "..:/usr/bin:/bin"), SCRIPT: script },
    });
    expect(stdout.trim()).toBe(email);
  });

  test("its lines for a terminal, pasted, list the pool's users with the root keys", async () => {
    const page = await open("/");
    const folder = await homeForTest();
    // The AWS CLI itself is large; the library under it reads the same variables.
    const aws = `#!/usr/bin/python3
import sys, boto3
service, operation, *rest = sys.argv[1:]
options = dict(zip(rest[::2], rest[1::2]))
client = boto3.client(service, endpoint_url=options["--endpoint-url"])
answer = getattr(client, operation.replace("-", "_"))(UserPoolId=options["--user-pool-id"])
print(*[a["Value"] for user in answer["Users"] for a in user["Attributes"] if a["Name"] == "email"])
`;
    await writeFile(join(folder, "aws"), aws);
    await chmod(join(folder, "aws"), 0o700);
    const { stdout } = await run("sh", ["-c", await linesOf(page, "Terminal")], {
      env: { PATH: `${folder}:/usr/bin:/bin`, HOME: folder },
    });
    expect(stdout.split(/\s/)).toContain("admin@example.com");
  });

  test("its lines for Linux, pasted, make a browser trust the server, and without them it does not", async () => {
    const page = await open("/");
    await page.getByText("Linux", { exact: true }).click();
    const lines = await linesOf(page, "Browsers, once");
    const home = await homeForTest();
    const visit = async () => {
      const stranger = await launch(home);
      const shown = await stranger.newPage();
      const outcome = await shown.goto(server.url).then(
        (response) => response?.status(),
        (error: Error) => error.message,
      );
      await stranger.close();
      return outcome;
    };
    expect(await visit()).toContain("ERR_CERT_AUTHORITY_INVALID");
    await run("sh", ["-c", lines], { env: { PATH: "/usr/bin:/bin", HOME: home } });
    expect(await visit()).toBe(200);
  });

  test("shows each system its own lines, and copies them", async () => {
    const page = await open("/");
    await page.getByText("macOS", { exact: true }).click();
    expect(await linesOf(page, "Browsers, once")).toContain("security add-trusted-cert");
    await page.keyboard.press("ArrowLeft");
    expect(await page.getByRole("radio", { name: "Windows" }).isChecked()).toBe(true);
    const lines = await linesOf(page, "Browsers, once");
    expect(lines).toContain(`certutil -addstore -user Root '${server.caFile}'`);
    await page.getByRole("button", { name: "Copy Browsers, once" }).click();
    await page.getByRole("button", { name: "Copied Browsers, once" }).waitFor();
    expect(await clipboard(page)).toBe(lines);
  });
});

describe("the inbox", () => {
  test("shows a message as soon as it is there, reads it out, and copies its code", async () => {
    const email = newAddress();
    const page = await open(`/inbox?to=${email}`);
    await seeHeading(page, "Nothing for this address yet");
    await page.evaluate(() => {
      document.title = "never loaded again";
    });
    const code = await sendCodeTo(email);
    await page.getByRole("article").getByText(code, { exact: true }).waitFor();
    await page.getByRole("status").getByText(`Newest message: to ${email}, code ${code}`).waitFor();
    expect(await page.title()).toBe("never loaded again");

    await page.getByRole("button", { name: `Copy code for ${email}` }).click();
    await page.getByRole("button", { name: `Copied code for ${email}` }).waitFor();
    expect(await clipboard(page)).toBe(code);
    await page.getByText("Whole message").click();
    await seeText(page, `confirmation code is ${code}`);
  });

  test("shows the messages to one address, or to all", async () => {
    const [one, other] = [newAddress(), newAddress()];
    await sendCodeTo(one);
    await sendCodeTo(other);
    const page = await open(`/inbox?to=${one}`);
    const filter = page.getByRole("searchbox", { name: "Show messages to" });
    const messageTo = (address: string) => page.getByText(`To ${address}`, { exact: true });
    await messageTo(one).waitFor();
    expect(await page.getByRole("article").count()).toBe(1);
    await filter.fill(other.toUpperCase());
    await messageTo(other).waitFor();
    expect(await messageTo(one).count()).toBe(0);
    await filter.fill("nobody@example.com");
    await page.getByRole("button", { name: "Show every address" }).click();
    await messageTo(one).waitFor();
    await messageTo(other).waitFor();
  });

  test("says when the server is out of reach, and goes on by itself when it is back", async () => {
    const page = await open("/inbox?to=later@example.com");
    await seeHeading(page, "Nothing for this address yet");
    await server.kill();
    await page.getByRole("alert").getByText("This page keeps trying").waitFor();
    server = await startServer({ dataDir: server.dataDir, port: server.port });
    await page.getByRole("alert").waitFor({ state: "detached" });
    const complaints = await browser.leave();
    expect(complaints.filter((each) => !each.includes("net::ERR_"))).toEqual([]);
  });

  test("shows what a message holds as text, whatever it is", async () => {
    const markup = `<img src="x" onerror="document.title='taken over'">`;
    const client = server.client();
    const { UserPool } = await client.send(
      new CreateUserPoolCommand({
        PoolName: "markup",
        AutoVerifiedAttributes: ["email"],
        VerificationMessageTemplate: {
          EmailSubject: markup,
          EmailMessage: `&lt;script&gt;document.title=1&lt;/script&gt; ${markup} {####}`,
        },
      }),
    );
    const { UserPoolClient } = await client.send(
      new CreateUserPoolClientCommand({ UserPoolId: UserPool?.Id, ClientName: "web" }),
    );
    const email = newAddress();
    await client.send(
      new SignUpCommand({
        ClientId: UserPoolClient?.ClientId,
        Username: "markup",
        Password: password,
        UserAttributes: [{ Name: "email", Value: email }],
      }),
    );
    const page = await open(`/inbox?to=${email}`);
    await page.getByRole("article").getByRole("heading", { name: markup }).waitFor();
    await page.getByText("Whole message").click();
    await seeText(page, "<script>document.title=1</script>");
    expect(await page.locator("article img, article script").count()).toBe(0);
    expect(await page.title()).toBe("Inbox · Poolhouse");
  });
});

test("a page that is not there leads back to the start", async () => {
  const page = await browser.open();
  const response = await page.goto(`${server.url}/nowhere/at-all`);
  expect(response?.status()).toBe(404);
  await seeHeading(page, "There is nothing at this address");
  await page.getByRole("link", { name: "Go to the start page" }).click();
  await seeHeading(page, "Your user pools are ready");
});

test("without a stack the pages say so, and what to do", async () => {
  const empty = await startServer({ command: ["dev"] });
  const theirs = await startBrowser(empty.caFile);
  onTestFinished(() => theirs.close());
  const page = await theirs.open();
  await page.goto(empty.url);
  await seeText(page, "There is no client without a secret yet");
  await seeText(page, "aws cognito-idp list-user-pools");
  await page.getByRole("main").getByRole("link", { name: "Demo app" }).click();
  await seeHeading(page, "The demo cannot start yet");
  await page.getByRole("alert").getByText("Start with --stack demo/stack.yaml").waitFor();

  await empty.stop();
  await startServer({ dataDir: empty.dataDir, port: empty.port });
  await page.getByRole("button", { name: "Try again" }).click();
  await seeHeading(page, "Sign in to the demo");
  expect(await theirs.leave()).toEqual([]);
});

test.each(["/", "/inbox", "/demo/", "/nowhere"])(
  "a script written into %s does not run",
  async (path) => {
    const page = await open(path);
    await page.getByRole("heading").first().waitFor();
    await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "document.title = 'taken over'";
      document.body.append(script);
    });
    expect(await page.title()).not.toBe("taken over");
    const [complaint, ...others] = await browser.leave();
    expect(complaint).toContain("Content Security Policy");
    expect(others).toEqual([]);
  },
);

const desktop = { width: 1280, height: 800 };
const phone = { width: 360, height: 740 };
const every = [
  { size: desktop, colorScheme: "light" },
  { size: desktop, colorScheme: "dark" },
  { size: phone, colorScheme: "light" },
  { size: phone, colorScheme: "dark" },
] as const;

/** Where what changed since the last look is one part of the page. */
const extremes = [every[0], every[3]] as const;

/** Looks at a page in its sizes and colours, written from left to right and from right to left. */
async function expectGoodLooks(
  page: Page,
  views: readonly (typeof every)[number][] = every,
): Promise<void> {
  for (const { size, colorScheme } of views) {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    expect(await axeFindings(page), `${size.width} ${colorScheme}`).toEqual([]);
    for (const direction of ["rtl", "ltr"]) {
      await page.evaluate((dir) => {
        document.documentElement.dir = dir;
      }, direction);
      expect(await layoutFaults(page), `${size.width} ${direction}`).toEqual([]);
    }
  }
}

/** Walks a page by its keyboard: everything is reached, once, and one always sees where one is. */
async function expectGoodKeyboard(page: Page): Promise<void> {
  await page.setViewportSize(desktop);
  const stops = await walkByTab(page);
  expect(stops.filter(({ showsFocus }) => !showsFocus)).toEqual([]);
  expect(stops.map(({ name }) => name)).toEqual(await operable(page));
}

describe("everybody can use", () => {
  test("the start page", async () => {
    const page = await open("/");
    await seeHeading(page, "Connect your app");
    await expectGoodKeyboard(page);
    await expectGoodLooks(page);
  });

  test("the inbox, empty and full", async () => {
    const email = `someone-with-a-rather-long-name-${process.pid}@mail.example.com`;
    const page = await open(`/inbox?to=${email}`);
    await seeHeading(page, "Nothing for this address yet");
    await expectGoodKeyboard(page);
    await expectGoodLooks(page);
    await sendCodeTo(email);
    await page.getByRole("article").waitFor();
    await page.getByText("Whole message").click();
    await page.getByRole("searchbox").focus();
    await expectGoodLooks(page);
  });

  test("the page for what is not there", async () => {
    const page = await open("/nowhere");
    await seeHeading(page, "There is nothing at this address");
    await expectGoodLooks(page);
  });

  test("the demo's sign-in, sign-up and code forms", async () => {
    const page = await open("/demo/");
    await seeHeading(page, "Sign in to the demo");
    await expectGoodKeyboard(page);
    await expectGoodLooks(page);
    await page.getByRole("tab", { name: "Create Account" }).click();
    await page.getByLabel("Password", { exact: true }).fill("short");
    await page.getByLabel("Confirm Password").fill("shorter");
    await seeText(page, "upper case");
    await expectGoodLooks(page, extremes);
    await signUp(page, { email: newAddress(), password });
    await page.getByLabel("Confirmation Code").waitFor();
    await expectGoodLooks(page, extremes);
    await goTo(page, "Members");
    await seeHeading(page, "Members only");
    await expectGoodLooks(page, extremes);
  });

  test("the demo's pages for whoever is signed in", async () => {
    const page = await open("/demo/");
    await signIn(page, { email: await makeUser(server), password });
    await seeHeading(page, "What the tokens say");
    await expectGoodLooks(page, extremes);
    await goTo(page, "Profile");
    await page.getByRole("button", { name: "Delete my account" }).click();
    await seeText(page, "This cannot be undone");
    await expectGoodKeyboard(page);
    await expectGoodLooks(page);
    await goTo(page, "Security");
    await seeText(page, "You are signed in nowhere else.");
    await page.getByRole("button", { name: "Set up an app" }).click();
    await page.getByRole("img", { name: "QR code for your app" }).waitFor();
    await page.getByRole("button", { name: "Forget this browser" }).waitFor();
    await expectGoodKeyboard(page);
    await expectGoodLooks(page, extremes);
    await goTo(page, "API");
    await callApi(page, "/me");
    await callApi(page, "/admin");
    await expectGoodLooks(page, extremes);
  });

  test("the demo's strict pool, up to the QR code and what stands beside it", async () => {
    const [, printed = ""] = /strict@example\.com\s+(\S+)/.exec(server.output()) ?? [];
    const page = await open("/demo/?pool=strict");
    await signIn(page, { email: "strict@example.com", password: printed });
    await page.getByRole("img", { name: "qr code" }).waitFor();
    await expectGoodKeyboard(page);
    await expectGoodLooks(page, extremes);
  });

  test("the demo without a mouse", async () => {
    const email = await makeUser(server);
    const page = await open("/demo/");
    await page.getByRole("tab", { name: "Sign In" }).waitFor();
    const { keyboard } = page;
    await keyboard.press("Tab");
    await keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
    await page.getByRole("textbox", { name: "Email" }).focus();
    await keyboard.type(email);
    await keyboard.press("Tab");
    await keyboard.type(password);
    await keyboard.press("Enter");
    await seeHeading(page, "You are signed in");
    // Whoever hears the page is told where they are now.
    await page.getByRole("link", { name: "API" }).focus();
    await keyboard.press("Enter");
    await seeHeading(page, "Call the API");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Call the API");
  });
});

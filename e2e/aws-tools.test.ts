/** AWS's own tools as Debian has them: boto3 and the AWS CLI, told nothing but the endpoint, the keys and the CA. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { demo, root, type Server, startServer, stopAll } from "./harness/server.ts";
import { newAddress, password } from "./harness/users.ts";

const run = promisify(execFile);
let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(stopAll);

/** The machine's own variables for AWS would lead the tools elsewhere. */
function environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { PATH: "/usr/bin:/bin", HOME: server.dataDir, ...server.env, ...more };
}

/** What a call gave, in AWS's casing; each test knows what it asked for. */
type Result = Record<string, unknown>;

describe("boto3", () => {
  let python: ChildProcess;
  let ask: (name: string, input: object, pages?: boolean) => Promise<Result>;

  beforeAll(() => {
    const started = startBoto3();
    ({ python, ask } = started);
  });
  afterAll(() => {
    python.kill();
  });

  test("an administrator makes a pool, a client, a group and a user, who signs in", async () => {
    const { UserPool } = await ask("create_user_pool", {
      PoolName: "boto",
      Policies: { PasswordPolicy: { MinimumLength: 12 } },
      AutoVerifiedAttributes: ["email"],
      UserPoolTags: { team: "tools" },
    });
    const { Id: UserPoolId } = UserPool as { Id: string };
    const { UserPoolClient } = await ask("create_user_pool_client", {
      UserPoolId,
      ClientName: "app",
      ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    });
    const { ClientId } = UserPoolClient as { ClientId: string };
    const user = { UserPoolId, Username: "ada" };
    const UserAttributes = [
      { Name: "email", Value: "ada@example.com" },
      { Name: "email_verified", Value: "true" },
    ];
    const made = await ask("admin_create_user", {
      ...user,
      UserAttributes,
      MessageAction: "SUPPRESS",
    });
    expect(made).toMatchObject({ User: { Username: "ada", UserStatus: "FORCE_CHANGE_PASSWORD" } });
    await ask("admin_set_user_password", { ...user, Password: password, Permanent: true });
    await ask("create_group", { UserPoolId, GroupName: "Admin", Precedence: 1 });
    await ask("admin_add_user_to_group", { ...user, GroupName: "Admin" });
    expect(await ask("admin_list_groups_for_user", user)).toMatchObject({
      Groups: [{ GroupName: "Admin", Precedence: 1 }],
    });

    const signedIn = await ask("initiate_auth", {
      ClientId,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: "ada", PASSWORD: password },
    });
    const { AccessToken, RefreshToken } = signedIn["AuthenticationResult"] as Record<
      string,
      string
    >;
    expect(await ask("get_user", { AccessToken })).toMatchObject({ Username: "ada" });
    const refreshed = await ask("initiate_auth", {
      ClientId,
      AuthFlow: "REFRESH_TOKEN_AUTH",
      AuthParameters: { REFRESH_TOKEN: RefreshToken },
    });
    expect(refreshed).toMatchObject({ AuthenticationResult: { TokenType: "Bearer" } });

    await ask("admin_disable_user", user);
    expect(await ask("admin_get_user", user)).toMatchObject({ Enabled: false });
    await ask("admin_delete_user", user);
    await ask("delete_user_pool", { UserPoolId });
    await expect(ask("describe_user_pool", { UserPoolId })).rejects.toThrow(
      "ResourceNotFoundException",
    );
  });

  test("it pages through lists, reads times as times and finds by filter", async () => {
    const { userPoolId: UserPoolId } = demo;
    const names = Array.from({ length: 5 }, newAddress);
    for (const Username of names) {
      await ask("admin_create_user", {
        ...{ UserPoolId, Username, TemporaryPassword: password, MessageAction: "SUPPRESS" },
      });
    }
    const pages = { UserPoolId, PaginationConfig: { PageSize: 2 } };
    const { Users } = (await ask("list_users", pages, true)) as { Users: Result[] };
    const found = Users.flatMap(({ Attributes }) => Attributes as { Name: string; Value: string }[])
      .filter(({ Name }) => Name === "email")
      .map(({ Value }) => Value);
    expect(found).toEqual(expect.arrayContaining(names));
    // Python writes a date so; of a mere number it would have written digits.
    expect(String(Users[0]?.["UserCreateDate"])).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/);
    const Filter = `email = "${names[0]}"`;
    expect(await ask("list_users", { UserPoolId, Filter })).toMatchObject({
      Users: [{ UserStatus: "FORCE_CHANGE_PASSWORD" }],
    });
  });

  test("errors come with AWS's code, text and status", async () => {
    const { userPoolId: UserPoolId, webClientId: ClientId } = demo;
    await expect(
      ask("admin_get_user", { UserPoolId, Username: "nobody@example.com" }),
    ).rejects.toThrow("UserNotFoundException 400 User does not exist.");
    await expect(ask("describe_user_pool", { UserPoolId: "nothing" })).rejects.toThrow(
      "InvalidParameterException 400 1 validation error detected: Value 'nothing' at 'userPoolId'",
    );
    await expect(
      ask("initiate_auth", {
        ClientId,
        AuthFlow: "USER_PASSWORD_AUTH",
        AuthParameters: { USERNAME: "user@example.com", PASSWORD: password },
      }),
    ).rejects.toThrow(
      "InvalidParameterException 400 USER_PASSWORD_AUTH flow not enabled for this client",
    );
    const other = startBoto3({ AWS_SECRET_ACCESS_KEY: "not-the-secret" });
    await expect(other.ask("list_user_pools", { MaxResults: 1 })).rejects.toThrow(
      "InvalidSignatureException 400",
    );
    other.python.kill();
  });
});

/** A Python that makes calls as they are asked for; a refusal is thrown as `code status message`. */
function startBoto3(more: Readonly<Record<string, string>> = {}) {
  const python = spawn("/usr/bin/python3", ["e2e/harness/boto3-calls.py", server.url], {
    cwd: root,
    env: environment(more),
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  return {
    python,
    async ask(name: string, input: object, pages = false): Promise<Result> {
      python.stdin.write(`${JSON.stringify({ name, arguments: input, pages })}\n`);
      const { value = "{}" } = await lines.next();
      const { result, error } = JSON.parse(value) as {
        result?: Result;
        error?: { Code: string; Message: string; Status: number };
      };
      if (!result) throw new Error(`${error?.Code} ${error?.Status} ${error?.Message}`);
      return result;
    },
  };
}

describe("the AWS CLI", () => {
  /** Runs `aws cognito-idp …` and answers its JSON. */
  async function aws(...args: readonly string[]): Promise<Result> {
    const { stdout } = await run("/usr/bin/aws", commandOf(args), { env: environment() });
    return stdout === "" ? {} : (JSON.parse(stdout) as Result);
  }

  const commandOf = (args: readonly string[]) => [
    "cognito-idp",
    ...args,
    "--endpoint-url",
    server.url,
  ];

  test("the lines of the banner work as they stand", async () => {
    const [, first, second] =
      /^ *In a terminal\n\n *(\. .+)\n *(aws .+)$/m.exec(server.output()) ?? [];
    expect(first).toBeDefined();
    const env = { PATH: "/usr/bin:/bin", HOME: server.dataDir, AWS_CA_BUNDLE: "/nowhere" };
    const { stdout } = await run("/bin/sh", ["-c", `${first}\n${second}`], { env });
    const { Users } = JSON.parse(stdout) as { Users: Result[] };
    expect(Users.length).toBeGreaterThanOrEqual(2);
  });

  test("an administrator makes a user, who signs in without a signature", async () => {
    const { UserPool } = await aws("create-user-pool", "--pool-name", "cli");
    const { Id } = UserPool as { Id: string };
    const { UserPoolClient } = await aws(
      ...["create-user-pool-client", "--user-pool-id", Id, "--client-name", "app"],
      ...["--explicit-auth-flows", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    );
    const { ClientId } = UserPoolClient as { ClientId: string };
    const user = ["--user-pool-id", Id, "--username", "ada"];
    await aws(
      ...["admin-create-user", ...user, "--message-action", "SUPPRESS"],
      ...["--user-attributes", "Name=email,Value=ada@example.com"],
    );
    // It answers nothing, and so does the CLI.
    const set = ["admin-set-user-password", ...user, "--password", password, "--permanent"];
    expect(await aws(...set)).toEqual({});
    const { AuthenticationResult } = await aws(
      ...["initiate-auth", "--client-id", ClientId, "--auth-flow", "USER_PASSWORD_AUTH"],
      ...["--auth-parameters", `USERNAME=ada,PASSWORD=${password}`, "--no-sign-request"],
    );
    const { AccessToken = "" } = AuthenticationResult as Record<string, string>;
    expect(await aws("get-user", "--access-token", AccessToken)).toMatchObject({ Username: "ada" });
  });

  test("an error is shown with its code, its operation and its text", async () => {
    const missing = aws("describe-user-pool", "--user-pool-id", "us-east-1_Missing");
    await expect(missing).rejects.toMatchObject({
      code: 254,
      stderr: expect.stringContaining(
        "An error occurred (ResourceNotFoundException) when calling the DescribeUserPool operation: User pool us-east-1_Missing does not exist.",
      ),
    });
  });

  test("it does not talk to a server whose authority it does not know", async () => {
    const env = environment({ AWS_CA_BUNDLE: "/etc/ssl/certs/ca-certificates.crt" });
    const list = commandOf(["list-user-pools", "--max-results", "1"]);
    await expect(run("/usr/bin/aws", list, { env })).rejects.toMatchObject({
      stderr: expect.stringContaining("SSL validation failed"),
    });
  });
});

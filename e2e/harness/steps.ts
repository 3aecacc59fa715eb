/** Sign-ins step by step, as the SDK sends each: for tests of what happens between two steps. */
import {
  AssociateSoftwareTokenCommand,
  type AuthenticationResultType,
  type ChallengeNameType,
  type CognitoIdentityProviderClient,
  InitiateAuthCommand,
  type InitiateAuthCommandInput,
  RespondToAuthChallengeCommand,
  SetUserMFAPreferenceCommand,
  VerifySoftwareTokenCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { Secret, TOTP } from "otpauth";
import { password } from "./users.ts";

type Client = CognitoIdentityProviderClient;
type Texts = Readonly<Record<string, string>>;

/** What a step ended with: the next challenge, or tokens. */
export type Step = {
  readonly challenge: string | undefined;
  readonly session: string;
  readonly parameters: Texts;
  readonly available: readonly string[];
  readonly tokens: AuthenticationResultType | undefined;
};

/** Begins a sign-in; by password unless told otherwise. */
export async function begin(
  client: Client,
  ClientId: string,
  given: { username: string; flow?: InitiateAuthCommandInput["AuthFlow"]; parameters?: Texts },
): Promise<Step> {
  const { username, flow = "USER_PASSWORD_AUTH", parameters = { PASSWORD: password } } = given;
  const AuthParameters = { USERNAME: username, ...parameters };
  return stepOf(
    await client.send(new InitiateAuthCommand({ ClientId, AuthFlow: flow, AuthParameters })),
  );
}

export type Reply = {
  readonly ClientId: string;
  readonly username: string;
  /** The step that is answered. */
  readonly step: Pick<Step, "challenge" | "session">;
  readonly responses: Texts;
};

/** Answers the challenge of a step. */
export async function reply(client: Client, given: Reply): Promise<Step> {
  const { ClientId, username, step, responses } = given;
  const answer = await client.send(
    new RespondToAuthChallengeCommand({
      ClientId,
      // A name that is not AWS's is the server's fault, and shows by its refusal.
      ChallengeName: step.challenge as ChallengeNameType,
      Session: step.session,
      ChallengeResponses: { USERNAME: username, ...responses },
    }),
  );
  return stepOf(answer);
}

function stepOf(output: {
  readonly ChallengeName?: string | undefined;
  readonly Session?: string | undefined;
  readonly ChallengeParameters?: Record<string, string> | undefined;
  readonly AvailableChallenges?: string[] | undefined;
  readonly AuthenticationResult?: AuthenticationResultType | undefined;
}): Step {
  return {
    challenge: output.ChallengeName,
    session: output.Session ?? "",
    parameters: output.ChallengeParameters ?? {},
    available: output.AvailableChallenges ?? [],
    tokens: output.AuthenticationResult,
  };
}

/** An authenticator app. */
export class App {
  readonly #totp: TOTP;
  constructor(secret: string) {
    this.#totp = new TOTP({ secret: Secret.fromBase32(secret) });
  }

  /** The code of now, or that of so many half minutes later: the server takes one to either side. */
  code(later: 0 | 1 = 0): string {
    return this.#totp.generate({ timestamp: Date.now() + later * 30_000 });
  }

  /** Codes that the server does not take now, each different. */
  wrongCodes(count: number): string[] {
    const near = [-2, -1, 0, 1, 2, 3].map((step) =>
      this.#totp.generate({ timestamp: Date.now() + step * 30_000 }),
    );
    const all = Array.from({ length: count + near.length }, (_, n) => String(n).padStart(6, "0"));
    return all.filter((code) => !near.includes(code)).slice(0, count);
  }
}

/** Gives whoever has the token an app, by the code of now; the next sign-in takes the next code. It is asked for from now on. */
export async function addApp(client: Client, AccessToken: string): Promise<App> {
  const { SecretCode = "" } = await client.send(new AssociateSoftwareTokenCommand({ AccessToken }));
  const app = new App(SecretCode);
  await client.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode: app.code() }));
  await client.send(
    new SetUserMFAPreferenceCommand({
      AccessToken,
      SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true },
    }),
  );
  return app;
}

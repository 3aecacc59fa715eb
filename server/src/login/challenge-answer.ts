/** What a form of a challenge answers, in the machine's terms. */
import type { Parameters } from "../protocol/parameters.ts";
import { type ChallengeStep, offered } from "./advance.ts";
import { typedAttributes, typedCode, typedNewPassword } from "./typed.ts";

type Answer = Readonly<Record<string, string>>;

/** The ChallengeResponses that a form stands for. */
export function answerOf({ name, available }: ChallengeStep, form: Parameters): Answer {
  const field = (id: string) => form.get(id) ?? "";
  const code = typedCode(form);
  switch (name) {
    case "SELECT_CHALLENGE": {
      // What was not offered the pages could not go on with.
      const answer = field("answer");
      return { ANSWER: offered(available).includes(answer) ? answer : "" };
    }
    case "SELECT_MFA_TYPE":
      return { ANSWER: field("answer") };
    case "PASSWORD":
      return { PASSWORD: field("password") };
    case "EMAIL_OTP":
    case "SMS_OTP":
    case "SMS_MFA":
    case "SOFTWARE_TOKEN_MFA":
      return { [`${name}_CODE`]: code };
    case "WEB_AUTHN":
      return { CREDENTIAL: field("credential") };
    case "NEW_PASSWORD_REQUIRED":
      return { NEW_PASSWORD: typedNewPassword(form) ?? "", ...attributesIn(form) };
    case "MFA_SETUP": {
      const email = form.get("email");
      return email === undefined ? {} : { EMAIL: email };
    }
    default:
      return {};
  }
}

function attributesIn(form: Parameters): Answer {
  const given = Object.entries(typedAttributes(form));
  return Object.fromEntries(given.map(([name, value]) => [`userAttributes.${name}`, value]));
}

/** The steps of a sign-in after the first page. */
import type { FirstFactor, SecondFactor } from "../../../../server/src/login/pages.ts";
import { ChevronIcon } from "../../ui/icons.tsx";
import { CodeField } from "../parts/code-field.tsx";
import { Below, PageForm, Submit } from "../parts/form.tsx";
import { KnownName } from "../parts/known-name.tsx";
import { PasskeyForm } from "../parts/passkey-form.tsx";
import { PasswordField } from "../parts/password-field.tsx";
import { Sign, type SignKind } from "../parts/sign.tsx";
import type { Say, TextKeyOf } from "../texts/index.ts";
import type { Fill } from "./page.ts";

const factors: Readonly<
  Record<FirstFactor | SecondFactor, { text: TextKeyOf<"factor">; sign: SignKind }>
> = {
  PASSWORD: { text: "factorPassword", sign: "password" },
  EMAIL_OTP: { text: "factorEmail", sign: "mail" },
  SMS_OTP: { text: "factorSms", sign: "message" },
  WEB_AUTHN: { text: "factorPasskey", sign: "passkey" },
  SMS_MFA: { text: "factorSms", sign: "message" },
  SOFTWARE_TOKEN_MFA: { text: "factorApp", sign: "app" },
};

function Choices(props: { of: readonly (FirstFactor | SecondFactor)[]; say: Say }) {
  const { of, say } = props;
  return of.map((factor) => (
    <button key={factor} type="submit" name="answer" value={factor} className="choice">
      <span className="choice-sign">
        <Sign kind={factors[factor].sign} />
      </span>
      <span className="choice-name">{say(factors[factor].text)}</span>
      <span className="choice-arrow">
        <ChevronIcon />
      </span>
    </button>
  ));
}

export const chooseFactor: Fill<"choose-factor"> = (page, say) => ({
  title: say("chooseFactorTitle"),
  account: say("signingInAs", { name: page.username }),
  body: (
    <>
      <PageForm form={page.form} className="choices">
        <Choices of={page.factors} say={say} />
      </PageForm>
      <Below href={page.startOverUrl} link={say("startOver")} />
    </>
  ),
});

export const password: Fill<"password"> = (page, say) => ({
  title: say("passwordTitle"),
  account: say("signingInAs", { name: page.username }),
  body: (
    <>
      <PageForm form={page.form}>
        <KnownName>{page.username}</KnownName>
        <PasswordField name="password" label={say("password")} say={say} purpose="current" focus />
        {page.forgotPasswordUrl !== undefined && (
          <p className="aside">
            <a href={page.forgotPasswordUrl}>{say("forgotPassword")}</a>
          </p>
        )}
        <Submit>{say("signIn")}</Submit>
      </PageForm>
      <Below href={page.startOverUrl} link={say("startOver")} />
    </>
  ),
});

export const code: Fill<"code"> = (page, say) => {
  const isApp = page.factor === "SOFTWARE_TOKEN_MFA";
  const { destination } = page;
  const sent = destination === undefined ? say("codeSent") : say("codeSentTo", { destination });
  return {
    sign: factors[page.factor].sign,
    title: say("codeTitle"),
    lead: isApp ? say("codeFromApp") : sent,
    body: (
      <>
        <PageForm form={page.form}>
          <CodeField
            say={say}
            digits={!page.takesRecoveryCode}
            {...(page.takesRecoveryCode ? { hint: say("recoveryCodeToo") } : {})}
          />
          <Submit>{say("verify")}</Submit>
        </PageForm>
        <Below href={page.startOverUrl} link={say("startOver")} />
      </>
    ),
  };
};

export const passkey: Fill<"passkey"> = (page, say) => ({
  sign: "passkey",
  title: say("passkeyTitle"),
  lead: say("passkeyText"),
  body: (
    <>
      <PasskeyForm form={page.form} ceremony="get" options={page.options} say={say}>
        {say("usePasskey")}
      </PasskeyForm>
      <Below href={page.startOverUrl} link={say("startOver")} />
    </>
  ),
});

export const chooseMfa: Fill<"choose-mfa"> = (page, say) => ({
  title: say(page.purpose === "pass" ? "chooseMfaTitle" : "setUpMfaTitle"),
  lead: page.purpose === "set-up" ? say("setUpMfaText") : undefined,
  body: (
    <>
      <PageForm form={page.form} className="choices">
        <Choices of={page.factors} say={say} />
      </PageForm>
      <Below href={page.startOverUrl} link={say("startOver")} />
    </>
  ),
});

/** The steps of a sign-in after the first page. */
import type { FirstFactor, SecondFactor } from "../../../../server/src/login/pages.ts";
import { CodeField } from "../parts/code-field.tsx";
import { Below, PageForm, Submit } from "../parts/form.tsx";
import { PasswordField } from "../parts/password-field.tsx";
import { Scripted } from "../parts/scripted.tsx";
import type { Say, TextKeyOf } from "../texts/index.ts";
import type { Fill } from "./page.ts";

const factorTexts: Readonly<Record<FirstFactor | SecondFactor, TextKeyOf<"factor">>> = {
  PASSWORD: "factorPassword",
  EMAIL_OTP: "factorEmail",
  SMS_OTP: "factorSms",
  WEB_AUTHN: "factorPasskey",
  SMS_MFA: "factorSms",
  SOFTWARE_TOKEN_MFA: "factorApp",
};

function Choices({ factors, say }: { factors: readonly (FirstFactor | SecondFactor)[]; say: Say }) {
  return factors.map((factor, at) => (
    <Submit key={factor} name="answer" value={factor} quiet={at > 0}>
      {say(factorTexts[factor])}
    </Submit>
  ));
}

export const chooseFactor: Fill<"choose-factor"> = (page, say) => ({
  title: say("chooseFactorTitle"),
  body: (
    <>
      <p className="lead">{say("signingInAs", { name: page.username })}</p>
      <PageForm form={page.form} className="choices">
        <Choices factors={page.factors} say={say} />
      </PageForm>
      <Below href={page.startOverUrl} link={say("startOver")} />
    </>
  ),
});

export const password: Fill<"password"> = (page, say) => ({
  title: say("passwordTitle"),
  body: (
    <>
      <p className="lead">{say("signingInAs", { name: page.username })}</p>
      <PageForm form={page.form}>
        {/* For password managers, which keep a password with its name. */}
        <input type="hidden" name="username" autoComplete="username" value={page.username} />
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
    title: say("codeTitle"),
    body: (
      <>
        <p className="lead">{isApp ? say("codeFromApp") : sent}</p>
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
  title: say("passkeyTitle"),
  body: (
    <>
      <p className="lead">{say("passkeyText")}</p>
      <Scripted say={say}>
        <form
          method="post"
          action={page.form.action}
          className="fields"
          data-passkey="get"
          data-options={page.options}
          data-failed={say("passkeyFailed")}
        >
          <input type="hidden" name="_csrf" value={page.form.csrf} />
          <input type="hidden" name="credential" value="" />
          <p className="notice notice-error" role="alert" hidden data-problem="" />
          <Submit>{say("usePasskey")}</Submit>
        </form>
      </Scripted>
      <Below href={page.startOverUrl} link={say("startOver")} />
    </>
  ),
});

export const chooseMfa: Fill<"choose-mfa"> = (page, say) => ({
  title: say(page.purpose === "pass" ? "chooseMfaTitle" : "setUpMfaTitle"),
  body: (
    <>
      {page.purpose === "set-up" && <p className="lead">{say("setUpMfaText")}</p>}
      <PageForm form={page.form} className="choices">
        <Choices factors={page.factors} say={say} />
      </PageForm>
      <Below href={page.startOverUrl} link={say("startOver")} />
    </>
  ),
});

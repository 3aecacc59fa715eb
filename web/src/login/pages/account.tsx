/** New accounts and forgotten passwords. */
import { AttributeFields } from "../parts/attribute-fields.tsx";
import { CodeField } from "../parts/code-field.tsx";
import { Below, PageForm, Submit } from "../parts/form.tsx";
import { KnownName } from "../parts/known-name.tsx";
import { NameField } from "../parts/name-field.tsx";
import { PasswordField, RuleList } from "../parts/password-field.tsx";
import { ProviderButtons } from "../parts/provider-buttons.tsx";
import { TextField } from "../parts/text-field.tsx";
import type { Say } from "../texts/index.ts";
import type { Fill, PageOf } from "./page.ts";

export const signUp: Fill<"sign-up"> = (page, say) => ({
  title: say("signUpTitle"),
  body: (
    <>
      <ProviderButtons providers={page.providers} say={say} />
      <PageForm form={page.form} name="cognitoSignUpForm">
        <NameField kind={page.nameKind} say={say} value={page.username} focus />
        <AttributeFields fields={page.fields} say={say} />
        <PasswordField
          name="password"
          label={say("password")}
          say={say}
          purpose="new"
          required={!page.passwordIsOptional}
          mark={page.passwordIsOptional ? say("optional") : undefined}
          describedBy="rules"
        />
        <RuleList id="rules" rules={page.rules} of="password" say={say} />
        <Terms terms={page.terms} say={say} />
        <Submit name="signUpButton" value="1">
          {say("signUp")}
        </Submit>
      </PageForm>
      <Below text={say("haveAccount")} href={page.signInUrl} link={say("signIn")} />
    </>
  ),
});

const termNames = { "terms-of-use": "termsOfUse", "privacy-policy": "privacyPolicy" } as const;

function Terms({ terms, say }: { terms: PageOf<"sign-up">["terms"]; say: Say }) {
  if (terms.length === 0) return null;
  return (
    <div className="legal legalText-customizable">
      <p>{say("termsText")}</p>
      <ul>
        {terms.map(({ name, url }) => (
          <li key={name}>
            <a href={url} target="_blank" rel="noopener noreferrer">
              {name === "terms-of-use" || name === "privacy-policy" ? say(termNames[name]) : name}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

export const confirm: Fill<"confirm"> = (page, say) => {
  const { destination, byLink } = page;
  return {
    title: say("confirmTitle"),
    lead: destination && say(byLink ? "linkSentTo" : "codeSentTo", { destination }),
    account: page.username,
    body: (
      <>
        {!byLink && (
          <PageForm form={page.form}>
            {page.username === "" && (
              <TextField name="username" label={say("username")} maxLength={128} required />
            )}
            <CodeField say={say} />
            <Submit>{say("confirm")}</Submit>
          </PageForm>
        )}
        {page.resend && (
          <PageForm form={page.resend} className="below-form">
            <button type="submit" className="link">
              {say(byLink ? "sendLinkAgain" : "sendAgain")}
            </button>
          </PageForm>
        )}
        <Below href={page.signInUrl} link={say("back")} />
      </>
    ),
  };
};

export const forgotPassword: Fill<"forgot-password"> = (page, say) => ({
  title: say("forgotTitle"),
  lead: say("forgotText"),
  body: (
    <>
      <PageForm form={page.form}>
        <NameField kind={page.nameKind} say={say} value={page.username} focus />
        <Submit name="reset_my_password" value="1">
          {say("sendCode")}
        </Submit>
      </PageForm>
      <Below href={page.signInUrl} link={say("back")} />
    </>
  ),
});

export const resetPassword: Fill<"reset-password"> = (page, say) => {
  const { destination } = page;
  return {
    title: say("resetTitle"),
    lead: destination && say("codeSentTo", { destination }),
    body: (
      <>
        <PageForm form={page.form}>
          <KnownName>{page.username}</KnownName>
          <CodeField say={say} />
          <PasswordField
            name="password"
            label={say("newPassword")}
            say={say}
            purpose="new"
            describedBy="rules"
          />
          <RuleList id="rules" rules={page.rules} of="password" say={say} />
          <PasswordField
            name="confirmPassword"
            label={say("repeatPassword")}
            say={say}
            purpose="new"
          />
          <Submit>{say("resetPassword")}</Submit>
        </PageForm>
        <PageForm form={page.resend} className="below-form">
          <button type="submit" className="link">
            {say("sendAgain")}
          </button>
        </PageForm>
        <Below href={page.signInUrl} link={say("back")} />
      </>
    ),
  };
};

/** For whoever reads the message, and not for a program that looks at it. */
export const confirmLink: Fill<"confirm-link"> = ({ form }, say) => ({
  title: say("confirmTitle"),
  body: (
    <PageForm form={form}>
      <Submit>{say("confirm")}</Submit>
    </PageForm>
  ),
});

/** What came of the link in a message; where to sign in the app knows, and the page does not. */
export const confirmed: Fill<"confirmed"> = ({ isConfirmed }, say) => ({
  sign: isConfirmed ? "done" : "stop",
  title: say(isConfirmed ? "confirmedTitle" : "notConfirmedTitle"),
  lead: say(isConfirmed ? "confirmedText" : "notConfirmedText"),
});

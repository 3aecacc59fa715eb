import { Below, PageForm, Submit } from "../parts/form.tsx";
import { NameField } from "../parts/name-field.tsx";
import { PasswordField } from "../parts/password-field.tsx";
import { Divider, ProviderButtons } from "../parts/provider-buttons.tsx";
import type { Fill, PageOf } from "./page.ts";

/** The first page. Its form has the names of Cognito's own, for scripts that fill it in. */
export const signIn: Fill<"sign-in"> = (page, say) => {
  const { form, asks, username, nameKind, passkey, providers } = page;
  const { signUpUrl, forgotPasswordUrl, signedInAs } = page;
  const asksPassword = asks === "password";
  return {
    title: say("signInTitle"),
    body: (
      <>
        {signedInAs !== undefined && (
          <>
            <PageForm form={form}>
              <Submit name="continue" value="1">
                {say("continueAs", { name: signedInAs })}
              </Submit>
            </PageForm>
            <Divider text={say("anotherAccount")} />
          </>
        )}
        <ProviderButtons providers={providers} say={say} />
        <PageForm form={form} name="cognitoSignInForm">
          <NameField
            kind={nameKind}
            say={say}
            value={username}
            passkey={passkey !== undefined}
            focus={username === ""}
          />
          {asksPassword && (
            <PasswordField
              name="password"
              label={say("password")}
              say={say}
              purpose="current"
              focus={username !== ""}
            />
          )}
          {asksPassword && forgotPasswordUrl !== undefined && (
            <p className="aside">
              <a href={forgotPasswordUrl} className="redirect-customizable">
                {say("forgotPassword")}
              </a>
            </p>
          )}
          <input type="hidden" name="cognitoAsfData" value="" />
          <Submit name="signInSubmitButton" value="1">
            {asksPassword ? say("signIn") : say("next")}
          </Submit>
        </PageForm>
        {passkey && <PasskeyForm form={form} passkey={passkey} />}
        {signUpUrl !== undefined && (
          <Below text={say("newHere")} href={signUpUrl} link={say("createAccount")} />
        )}
      </>
    ),
  };
};

/** Sent by the script once the browser's own list of passkeys was used; nobody sees it. */
function PasskeyForm({
  form,
  passkey,
}: {
  form: PageOf<"sign-in">["form"];
  passkey: NonNullable<PageOf<"sign-in">["passkey"]>;
}) {
  return (
    <form
      method="post"
      action={form.action}
      hidden
      data-passkey="conditional"
      data-options={passkey.options}
    >
      <input type="hidden" name="_csrf" value={form.csrf} />
      <input type="hidden" name="passkey" value={passkey.handle} />
      <input type="hidden" name="credential" value="" />
    </form>
  );
}

/** Consent, devices, sign-out, and what is told at the end. */
import { CheckIcon } from "../../ui/icons.tsx";
import { Caution } from "../parts/caution.tsx";
import { Below, PageForm, Submit } from "../parts/form.tsx";
import { TextField } from "../parts/text-field.tsx";
import { days, keyOf, type Say, type TextKeyOf } from "../texts/index.ts";
import type { Fill } from "./page.ts";

const scopeTexts: Readonly<Record<string, TextKeyOf<"scope">>> = {
  openid: "scopeOpenid",
  email: "scopeEmail",
  phone: "scopePhone",
  profile: "scopeProfile",
  "aws.cognito.signin.user.admin": "scopeAdmin",
};

function describe({ name, description }: { name: string; description?: string }, say: Say): string {
  const key = Object.hasOwn(scopeTexts, name) ? scopeTexts[name] : undefined;
  return key ? say(key) : (description ?? name);
}

export const consent: Fill<"consent"> = (page, say) => {
  const { clientName, userCode, username, scopes, lifetimeDays } = page;
  return {
    title: say("consentTitle", { clientName }),
    lead: say("consentText", { name: username, clientName }),
    body: (
      <>
        <ul className="scopes">
          {scopes.map((scope) => (
            <li key={scope.name}>
              <CheckIcon />
              <span>{describe(scope, say)}</span>
            </li>
          ))}
        </ul>
        <p className="hint">{say("consentLifetime", { duration: days(say, lifetimeDays) })}</p>
        {userCode !== undefined && (
          <Caution>
            <strong>
              {say("userCode")}: <bdi dir="ltr">{userCode}</bdi>
            </strong>
            <br />
            {say("deviceCaution")}
          </Caution>
        )}
        <PageForm form={page.form} className="decision">
          <Submit name="decision" value="allow">
            {say("allow")}
          </Submit>
          <Submit name="decision" value="deny" quiet>
            {say("deny")}
          </Submit>
        </PageForm>
      </>
    ),
  };
};

export const device: Fill<"device"> = (page, say) => ({
  sign: "device",
  title: say("deviceTitle"),
  lead: say("deviceText"),
  body: (
    <>
      <Caution>{say("deviceCaution")}</Caution>
      <PageForm form={page.form}>
        <TextField
          name="user_code"
          label={say("userCode")}
          value={page.userCode}
          maxLength={16}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          autoFocus
          required
          isCode
        />
        <Submit>{say("next")}</Submit>
      </PageForm>
    </>
  ),
});

export const deviceDone: Fill<"device-done"> = ({ decision }, say) => {
  const isAllowed = decision === "allowed";
  return {
    sign: isAllowed ? "done" : "stop",
    title: say(isAllowed ? "deviceAllowedTitle" : "deviceDeniedTitle"),
    lead: say(isAllowed ? "deviceAllowedText" : "deviceDeniedText"),
  };
};

export const logoutConfirm: Fill<"logout-confirm"> = (page, say) => ({
  title: say("logoutTitle"),
  lead: say("logoutText", { name: page.username }),
  body: (
    <PageForm form={page.form} className="decision">
      <Submit name="decision" value="sign-out">
        {say("signOut")}
      </Submit>
      <Submit name="decision" value="stay" quiet>
        {say("stay")}
      </Submit>
    </PageForm>
  ),
});

export const signedOut: Fill<"signed-out"> = ({ continueUrl }, say) => ({
  sign: "done",
  title: say("signedOutTitle"),
  lead: say("signedOutText"),
  body: continueUrl !== undefined && <Below href={continueUrl} link={say("signInAgain")} />,
});

export const error: Fill<"error"> = (page, say) => ({
  sign: "stop",
  title: say("errorTitle"),
  lead: say(keyOf("error", page.error) ?? keyOf("notice", page.error) ?? "errorGeneral"),
  body: (
    <>
      {page.detail !== undefined && <p className="detail">{page.detail}</p>}
      {page.startOverUrl !== undefined && (
        <Below href={page.startOverUrl} link={say("startOver")} />
      )}
      <p className="reference">
        {say("reference", { requestId: page.requestId })} <code>{page.error}</code>
      </p>
    </>
  ),
});

export const formPost: Fill<"form-post"> = ({ action, fields }, say) => ({
  title: say("formPostTitle"),
  lead: say("formPostText"),
  body: (
    <form method="post" action={action} className="fields" data-send-now="">
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <Submit>{say("goOn")}</Submit>
    </form>
  ),
});

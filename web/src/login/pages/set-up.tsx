/** What a user sets up on the way in: a password, a second factor, a passkey. */
import { AttributeFields } from "../parts/attribute-fields.tsx";
import { CodeField } from "../parts/code-field.tsx";
import { Below, PageForm, Submit } from "../parts/form.tsx";
import { KnownName } from "../parts/known-name.tsx";
import { PasskeyForm } from "../parts/passkey-form.tsx";
import { PasswordField, RuleList } from "../parts/password-field.tsx";
import { QrCode } from "../parts/qr-code.tsx";
import { TextField } from "../parts/text-field.tsx";
import type { Fill } from "./page.ts";

export const newPassword: Fill<"new-password"> = (page, say) => ({
  title: say("newPasswordTitle"),
  lead: say("newPasswordText"),
  body: (
    <PageForm form={page.form}>
      <KnownName>{page.username}</KnownName>
      <PasswordField
        name="password"
        label={say("newPassword")}
        say={say}
        purpose="new"
        focus
        describedBy="rules"
      />
      <RuleList id="rules" rules={page.rules} of="password" say={say} />
      <PasswordField name="confirmPassword" label={say("repeatPassword")} say={say} purpose="new" />
      <AttributeFields fields={page.fields} say={say} />
      <Submit>{say("savePassword")}</Submit>
    </PageForm>
  ),
});

export const setUpApp: Fill<"set-up-app"> = (page, say) => ({
  title: say("setUpAppTitle"),
  lead: say("setUpAppScan"),
  body: (
    <>
      <a href={page.uri} className="button button-secondary on-touch">
        {say("setUpAppOpen")}
      </a>
      <QrCode text={page.uri} label={say("qrCode")} />
      <div className="by-hand">
        <p className="hint">{say("setUpAppKey")}</p>
        <p className="key">
          <code id="secret">{page.secret.replace(/(.{4})(?=.)/g, "$1 ")}</code>
          <button
            type="button"
            className="copy"
            data-copy={page.secret}
            data-copied={say("copied")}
            hidden
          >
            {say("copy")}
          </button>
        </p>
      </div>
      <PageForm form={page.form}>
        <CodeField say={say} label={say("setUpAppCode")} focus="after-error" />
        <TextField
          name="friendlyDeviceName"
          label={say("deviceName")}
          mark={say("optional")}
          maxLength={131}
          autoComplete="off"
        />
        <Submit>{say("confirm")}</Submit>
      </PageForm>
      <Below href={page.startOverUrl} link={say("startOver")} />
    </>
  ),
});

export const setUpEmail: Fill<"set-up-email"> = (page, say) => ({
  sign: "mail",
  title: say("setUpEmailTitle"),
  body: (
    <>
      <PageForm form={page.form}>
        <TextField
          name="email"
          label={say("email")}
          type="email"
          autoComplete="email"
          maxLength={2048}
          autoFocus
          required
        />
        <Submit>{say("sendCode")}</Submit>
      </PageForm>
      <Below href={page.startOverUrl} link={say("startOver")} />
    </>
  ),
});

export const addPasskey: Fill<"add-passkey"> = (page, say) => ({
  sign: "passkey",
  title: say("addPasskeyTitle"),
  lead: say("addPasskeyText", { name: page.username }),
  body: (
    <>
      <PasskeyForm form={page.form} ceremony="create" options={page.options} say={say}>
        {say("addPasskey")}
      </PasskeyForm>
      <Below href={page.skipUrl} link={say("notNow")} />
    </>
  ),
});

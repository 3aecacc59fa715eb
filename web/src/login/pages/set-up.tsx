/** What a user sets up on the way in: a password, a second factor, a passkey. */
import { AttributeFields } from "../parts/attribute-fields.tsx";
import { CodeField } from "../parts/code-field.tsx";
import { Below, PageForm, Submit } from "../parts/form.tsx";
import { PasswordField, RuleList } from "../parts/password-field.tsx";
import { QrCode } from "../parts/qr-code.tsx";
import { Scripted } from "../parts/scripted.tsx";
import { TextField } from "../parts/text-field.tsx";
import type { Fill } from "./page.ts";

export const newPassword: Fill<"new-password"> = (page, say) => ({
  title: say("newPasswordTitle"),
  body: (
    <>
      <p className="lead">{say("newPasswordText")}</p>
      <PageForm form={page.form}>
        <input type="hidden" name="username" autoComplete="username" value={page.username} />
        <PasswordField
          name="password"
          label={say("newPassword")}
          say={say}
          purpose="new"
          focus
          describedBy="rules"
        />
        <RuleList id="rules" rules={page.rules} of="password" say={say} />
        <PasswordField
          name="confirmPassword"
          label={say("repeatPassword")}
          say={say}
          purpose="new"
        />
        <AttributeFields fields={page.fields} say={say} />
        <Submit>{say("savePassword")}</Submit>
      </PageForm>
    </>
  ),
});

export const setUpApp: Fill<"set-up-app"> = (page, say) => ({
  title: say("setUpAppTitle"),
  body: (
    <>
      <p className="lead">{say("setUpAppScan")}</p>
      <QrCode text={page.uri} label={say("qrCode")} />
      <p className="hint">{say("setUpAppKey")}</p>
      <p className="key">
        <code id="secret">{page.secret.replace(/(.{4})(?=.)/g, "$1 ")}</code>
        <button
          type="button"
          className="reveal"
          data-copy={page.secret}
          data-copied={say("copied")}
          hidden
        >
          {say("copy")}
        </button>
      </p>
      <PageForm form={page.form}>
        <CodeField say={say} label={say("setUpAppCode")} />
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
  title: say("addPasskeyTitle"),
  body: (
    <>
      <p className="lead">{say("addPasskeyText", { name: page.username })}</p>
      <Scripted say={say}>
        <form
          method="post"
          action={page.form.action}
          className="fields"
          data-passkey="create"
          data-options={page.options}
          data-failed={say("passkeyFailed")}
        >
          <input type="hidden" name="_csrf" value={page.form.csrf} />
          <input type="hidden" name="credential" value="" />
          <p className="notice notice-error" role="alert" hidden data-problem="" />
          <Submit>{say("addPasskey")}</Submit>
        </form>
      </Scripted>
      <Below href={page.skipUrl} link={say("notNow")} />
    </>
  ),
});

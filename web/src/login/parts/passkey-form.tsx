import type { Form } from "../../../../server/src/login/pages.ts";
import { AlertIcon } from "../../ui/icons.tsx";
import type { Say } from "../texts/index.ts";
import { Caution } from "./caution.tsx";
import { Submit } from "./form.tsx";

/** What asks the device for a passkey: nothing without the script, which shows it. */
export function PasskeyForm(props: {
  form: Form;
  ceremony: "get" | "create";
  options: string;
  say: Say;
  children: string;
}) {
  const { form, ceremony, options, say, children } = props;
  return (
    <>
      <noscript>
        <Caution>{say("needsScript")}</Caution>
      </noscript>
      <form
        method="post"
        action={form.action}
        className="fields"
        data-passkey={ceremony}
        data-options={options}
        hidden
      >
        <input type="hidden" name="_csrf" value={form.csrf} />
        <input type="hidden" name="credential" value="" />
        <div className="notice notice-error" role="alert" hidden data-problem="">
          <AlertIcon />
          <p>{say("passkeyFailed")}</p>
        </div>
        <Submit>{children}</Submit>
      </form>
    </>
  );
}

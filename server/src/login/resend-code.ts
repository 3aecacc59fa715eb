/** `/resendcode`: another code for whoever waits for one on a page. */
import { forAuthorization } from "./authorization.ts";
import { browserOf, requireOwnForm } from "./browser.ts";
import { goToConfirm, resend, showAgain } from "./confirm.ts";
import { loadFlow, queryOf } from "./flow.ts";
import type { PageEndpoint } from "./page-request.ts";
import { goToReset, sendResetCode, submitResetPassword } from "./recovery.ts";

const kinds = ["confirm", "reset"] as const;

/** Sends it and goes back to the page, which knows by then where it went. */
export const resendCode: PageEndpoint = {
  method: "POST",
  path: "/resendcode",
  event: "ResendCode_POST",
  async handle(call, request) {
    const browser = requireOwnForm(call, request, request.form());
    const flow = await loadFlow(call, request, { browser, kind: kinds });
    const { kind, username } = flow.step;
    return forAuthorization(call, request, {
      parameters: queryOf(flow),
      async goOn(authorization) {
        const given = { authorization, browser, username, sent: "again" } as const;
        if (kind === "confirm") {
          const target = await resend(call, authorization, username);
          return goToConfirm(call, request, { ...given, target });
        }
        const destination = await sendResetCode(call, authorization, username);
        return goToReset(call, request, { ...given, destination });
      },
    });
  },
  async refuse(call, request, error) {
    const browser = browserOf(call, request);
    const flow = await loadFlow(call, request, { browser, kind: kinds });
    if (flow.step.kind === "confirm") return showAgain(call, request, error);
    return submitResetPassword.refuse?.(call, request, error) ?? showAgain(call, request, error);
  },
};

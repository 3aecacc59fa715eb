/**
 * `/device`: where users enter the code that their device shows (RFC 8628 §3.3). The code says which client it is for;
 * from there on it is a sign-in like any other, with a consent that is always asked for.
 */
import type { Call } from "../domain/call.ts";
import { findDeviceByUserCode } from "../domain/grants/device-authorization.ts";
import { readUserCode } from "../domain/grants/user-code.ts";
import { languageIn } from "../oauth/authorize/carried.ts";
import type { WireAnswer } from "../protocol/wire.ts";
import { beginForDevice, forAuthorization } from "./authorization.ts";
import { begin } from "./authorize.ts";
import { browserOf, requireOwnForm } from "./browser.ts";
import { showError, statusOfPage } from "./error-page.ts";
import { noticeOf } from "./notice.ts";
import type { PageEndpoint } from "./page-request.ts";
import type { Notice } from "./pages.ts";
import { type PageRequest, showPage } from "./show.ts";

const path = "/device";
const maxCodeCharacters = 16;

type Shown = { readonly userCode: string; readonly notice?: Notice; readonly status?: number };

/** The code of an address is shown to be compared, and looked up only when the user sends it. */
function show(call: Call, request: PageRequest, shown: Shown): Promise<WireAnswer> {
  const { userCode, ...rest } = shown;
  const { csrf, cookies } = browserOf(call, request);
  const form = { action: `${request.prefix}${path}`, csrf };
  return showPage(call, request, { page: { name: "device", form, userCode }, cookies, ...rest });
}

export const showDevice: PageEndpoint = {
  method: "GET",
  path,
  event: "Device_GET",
  readOnly: true,
  handle: (call, request) =>
    show(call, request, { userCode: readUserCode(request.query().get("user_code") ?? "") ?? "" }),
};

export const enterUserCode: PageEndpoint = {
  method: "POST",
  path,
  event: "Device_POST",
  readOnly: true,
  async handle(call, request) {
    const form = request.form();
    const browser = requireOwnForm(call, request, form);
    const device = await findDeviceByUserCode(call, request.pool, {
      ...{ typed: form.get("user_code") ?? "", browserHash: browser.hash },
    });
    const parameters = await beginForDevice(call, request, {
      ...{ browser, device, language: languageIn(request.query()) },
    });
    return forAuthorization(call, request, {
      parameters,
      goOn: (authorization) => begin(call, request, authorization),
    });
  },
  refuse(call, request, error) {
    const isAboutCode = ["wrong-user-code", "locked", "TooManyRequestsException"];
    if (!isAboutCode.includes(error.code)) return showError(call, request, error);
    const userCode = (request.form().get("user_code") ?? "").slice(0, maxCodeCharacters);
    const status = statusOfPage(error.code);
    return show(call, request, { userCode, notice: noticeOf(error), status });
  },
};

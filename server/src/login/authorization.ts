/** The authorization request that a page is shown for. */
import { type Call, closeCall } from "../domain/call.ts";
import type { WaitingDevice } from "../domain/grants/device-authorization.ts";
import { languageIn } from "../oauth/authorize/carried.ts";
import { readDeviceRequest } from "../oauth/authorize/device-request.ts";
import { readAuthorizationRequest } from "../oauth/authorize/read-request.ts";
import type { AuthorizationRequest } from "../oauth/authorize/request.ts";
import { type Parameters, writeParameters } from "../protocol/parameters.ts";
import type { WireAnswer } from "../protocol/wire.ts";
import { type Browser, browserOf } from "./browser.ts";
import { beginFlow, loadFlow } from "./flow.ts";
import { isForOwnPage, readOwnPageRequest } from "./own-page.ts";
import { type PageRequest, sendAnswer } from "./show.ts";

/**
 * Goes on with a checked request. Each page checks it anew: between two pages the client may have lost its redirect URI,
 * and the address of a page is what anybody may type.
 */
export async function forAuthorization(
  call: Call,
  request: PageRequest,
  given: {
    parameters: Parameters;
    goOn: (authorization: AuthorizationRequest) => Promise<WireAnswer>;
  },
): Promise<WireAnswer> {
  const { parameters, goOn } = given;
  const handle = parameters.get(deviceParameter);
  if (handle !== undefined) return goOn(await readOfDevice(call, request, { parameters, handle }));
  if (isForOwnPage(parameters)) return goOn(await readOwnPageRequest(call, request, parameters));
  const read = await readAuthorizationRequest(call, request.pool, parameters);
  if (!("refusal" in read)) return goOn(read);
  await closeCall(call, read.refusal);
  return sendAnswer(call, request, read);
}

/** Names the device that a user is here for, in this browser alone. */
const deviceParameter = "device_handle";

/** What the pages carry for a device that was found by its code. */
export async function beginForDevice(
  call: Call,
  request: PageRequest,
  given: { browser: Browser; device: WaitingDevice; language: readonly [string, string][] },
): Promise<Parameters> {
  const { deviceCodeHash, userCode, clientId } = given.device;
  const handle = await beginFlow(call, request, {
    ...{ browser: given.browser, clientId, query: "" },
    step: { kind: "device", deviceCodeHash, userCode },
  });
  return new Map([[deviceParameter, handle], ...given.language]);
}

async function readOfDevice(
  call: Call,
  request: PageRequest,
  { handle, parameters }: { handle: string; parameters: Parameters },
): Promise<AuthorizationRequest> {
  const browser = browserOf(call, request);
  const { step } = await loadFlow(call, request, { browser, kind: "device", handle });
  return readDeviceRequest(call, request.pool, {
    found: step,
    carried: new Map([[deviceParameter, handle], ...languageIn(parameters)]),
    page: `${request.origin}${request.prefix}/device`,
  });
}

/** The request after a sign-in, by which the browser got another name. */
export async function carryOver(
  call: Call,
  request: PageRequest,
  { authorization, browser }: { authorization: AuthorizationRequest; browser: Browser },
): Promise<AuthorizationRequest> {
  const { device, carried } = authorization;
  if (!device) return authorization;
  const language = languageIn(carried);
  const renewed = await beginForDevice(call, request, { browser, device, language });
  return { ...authorization, carried: renewed };
}

/** The address of another page for the same request. */
export function linkFor(
  { prefix }: PageRequest,
  path: string,
  { carried }: Pick<AuthorizationRequest, "carried">,
): string {
  return `${prefix}${path}?${writeParameters(carried)}`;
}

/** The address of the next page of a sign-in under way. */
export function linkToFlow({ prefix }: PageRequest, path: string, handle: string): string {
  return `${prefix}${path}?flow=${handle}`;
}

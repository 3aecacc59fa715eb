import { WrongValue } from "./values.ts";

/** The provider of text messages; its secret is a setting of its own. */
export type SmsUrl =
  | {
      readonly kind: "sns";
      readonly region: string;
      readonly accessKeyId: string;
      readonly senderId: string | undefined;
      readonly endpoint: string;
    }
  | {
      readonly kind: "twilio";
      readonly accountSid: string;
      readonly from: string;
      readonly endpoint: string;
    }
  | { readonly kind: "webhook"; readonly url: string };

/** Reads the URL of a provider; no refusal repeats it, since people put secrets into URLs. */
export function smsUrl(text: string): SmsUrl {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.password) throw new WrongValue("must not hold a secret: POOLHOUSE_SMS_SECRET is for it");
  if (url?.protocol === "sns:") return sns(url);
  if (url?.protocol === "twilio:") return twilio(url);
  if (url && isHttp(url) && url.username === "") return { kind: "webhook", url: url.href };
  throw new WrongValue("must begin with sns://, twilio:// or https://");
}

/** Where it is spoken to. */
export function smsAddress(sms: SmsUrl): string {
  return sms.kind === "webhook" ? sms.url : sms.endpoint;
}

function sns(url: URL): SmsUrl {
  const { senderId, endpoint, ...more } = parametersOf(url);
  const region = url.host;
  const base = endpoint ?? `https://sns.${region}.amazonaws.com`;
  const good =
    /^\w{16,128}$/.test(url.username) &&
    /^[a-z]{2}(-[a-z]{2,12}){1,2}-\d{1,2}$/.test(region) &&
    hasNothingElse(url, more) &&
    (senderId === undefined || /^(?=.*[A-Za-z])[A-Za-z0-9]{1,11}$/.test(senderId)) &&
    isOrigin(base);
  if (!good) throw new WrongValue("must be sns://ACCESS_KEY_ID@REGION, with ?senderId=NAME or not");
  const accessKeyId = url.username;
  return { kind: "sns", region, accessKeyId, senderId, endpoint: new URL(base).origin };
}

function twilio(url: URL): SmsUrl {
  const { from: given = "", ...more } = parametersOf(url);
  // A plus in a query is a blank, and nobody writes the numbers' plus in another way.
  const from = given.replace(/^ (?=\d)/, "+");
  const endpoint = `https://${url.host}`;
  const good =
    /^AC[0-9a-f]{32}$/i.test(url.username) &&
    hasNothingElse(url, more) &&
    /^(\+[1-9]\d{4,14}|\d{3,8}|MG[0-9a-f]{32}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$/i.test(from) &&
    isOrigin(endpoint);
  if (!good) throw new WrongValue("must be twilio://ACCOUNT_SID@api.twilio.com?from=+NUMBER");
  return { kind: "twilio", accountSid: url.username, from, endpoint };
}

function parametersOf({ searchParams }: URL): Record<string, string | undefined> {
  return Object.fromEntries(searchParams);
}

function hasNothingElse(url: URL, parameters: object): boolean {
  return (
    ["", "/"].includes(url.pathname) && url.hash === "" && Object.keys(parameters).length === 0
  );
}

function isHttp(url: URL): boolean {
  return url.protocol === "https:" || url.protocol === "http:";
}

function isOrigin(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && isHttp(url) && `${url.origin}/` === url.href;
}

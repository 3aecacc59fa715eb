/** The sender of a server, from its settings. */
import type { ServerConfig } from "../config.ts";
import type { Sender } from "../domain/messages/sender.ts";
import type { HttpClient } from "../outbound/http.ts";
import { createSender } from "../outbound/sender.ts";
import { createSnsSender } from "../outbound/sms/sns.ts";
import { createTwilioSender } from "../outbound/sms/twilio.ts";
import { createSmsWebhook } from "../outbound/sms/webhook.ts";

type Means = { readonly publicUrl: string; readonly http: HttpClient };

/** Sends by what is configured; a channel that is not fails, and says which setting is missing. */
export function openSender({ smtpUrl, sms }: ServerConfig, { publicUrl, http }: Means): Sender {
  return createSender({
    ...(smtpUrl ? { smtp: { url: new URL(smtpUrl), publicUrl } } : {}),
    ...(sms ? { sms: textSender(sms, http) } : {}),
  });
}

function textSender(sms: NonNullable<ServerConfig["sms"]>, http: HttpClient): Sender {
  const { secret, ...provider } = sms;
  // Not the clock that development may move: others compare it with theirs.
  const nowMs = () => Date.now();
  switch (provider.kind) {
    case "sns":
      return createSnsSender({ ...provider, secretAccessKey: secret, http, nowMs });
    case "twilio":
      return createTwilioSender({ ...provider, authToken: secret, http });
    case "webhook":
      return createSmsWebhook({ ...provider, secret, http, nowMs });
  }
}

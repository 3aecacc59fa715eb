/** An event of the trail as one line for people. */

export type ListedEvent = {
  readonly Sequence: number;
  readonly Event: {
    readonly eventTime?: string;
    readonly eventName?: string;
    readonly errorCode?: string;
    readonly errorMessage?: string;
    readonly sourceIPAddress?: string;
    readonly userIdentity?: {
      readonly type?: string;
      readonly principalId?: string;
      readonly accessKeyId?: string;
      readonly invokedBy?: string;
    };
    readonly additionalEventData?: Readonly<Record<string, unknown>>;
  };
};

/** When, what, who, whom, and why not; nothing in it can move the cursor of a terminal or begin a line. */
export function describeEvent({ Sequence, Event }: ListedEvent): string {
  const { userPoolId, sub } = Event.additionalEventData ?? {};
  const outcome =
    Event.errorCode === undefined ? "ok" : `${Event.errorCode}: ${Event.errorMessage}`;
  const parts = [
    String(Sequence),
    Event.eventTime,
    Event.eventName,
    `by ${callerOf(Event)}`,
    Event.sourceIPAddress && `from ${Event.sourceIPAddress}`,
    userPoolId && `in ${userPoolId}`,
    sub && `about ${sub}`,
    `→ ${outcome}`,
  ];
  return parts
    .filter(Boolean)
    .join(" ")
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "�");
}

function callerOf({ userIdentity = {} }: ListedEvent["Event"]): string {
  const { type, principalId, accessKeyId, invokedBy } = userIdentity;
  return accessKeyId ?? invokedBy ?? (type === "Unknown" ? principalId : type) ?? "nobody";
}

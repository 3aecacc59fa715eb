import type { Notice } from "../../../../server/src/login/pages.ts";
import { AlertIcon, DoneIcon, InfoIcon } from "../../ui/icons.tsx";
import { keyOf, type Say } from "../texts/index.ts";

const icons = { error: AlertIcon, info: InfoIcon, success: DoneIcon };

export const noticeId = "notice";

export function noticeText({ code }: Notice, say: Say): string {
  return say(keyOf("notice", code) ?? "notice.general");
}

/** What happened at the last step, read out at once. */
export function NoticeBox({ notice, say }: { notice: Notice; say: Say }) {
  const { kind, detail } = notice;
  const isError = kind === "error";
  const Icon = icons[kind];
  return (
    <div
      id={noticeId}
      role={isError ? "alert" : "status"}
      className={`notice notice-${kind}${isError ? " errorMessage-customizable" : ""}`}
    >
      <Icon />
      <div>
        <p>{noticeText(notice, say)}</p>
        {detail && <p className="detail">{detail}</p>}
      </div>
    </div>
  );
}

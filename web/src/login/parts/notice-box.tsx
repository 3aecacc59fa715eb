import type { Notice } from "../../../../server/src/login/pages.ts";
import { keyOf, type Say } from "../texts/index.ts";

export function noticeText({ code }: Notice, say: Say): string {
  return say(keyOf("notice", code) ?? "notice.general");
}

/** What happened at the last step, read out at once. */
export function NoticeBox({ notice, say }: { notice: Notice; say: Say }) {
  const { kind, detail } = notice;
  const isError = kind === "error";
  return (
    <div
      id="notice"
      role={isError ? "alert" : "status"}
      className={`notice notice-${kind}${isError ? " errorMessage-customizable" : ""}`}
    >
      <p>{noticeText(notice, say)}</p>
      {detail && <p className="detail">{detail}</p>}
    </div>
  );
}

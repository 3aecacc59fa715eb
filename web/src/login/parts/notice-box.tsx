import type { Notice } from "../../../../server/src/login/pages.ts";
import { keyOf, type Say } from "../texts/index.ts";

/** What happened at the last step, read out at once. */
export function NoticeBox({ notice, say }: { notice: Notice; say: Say }) {
  const { kind, code, detail } = notice;
  const isError = kind === "error";
  return (
    <div
      id="notice"
      role={isError ? "alert" : "status"}
      className={`notice notice-${kind}${isError ? " errorMessage-customizable" : ""}`}
    >
      <p>{say(keyOf("notice", code) ?? "notice.general")}</p>
      {detail && <p className="detail">{detail}</p>}
    </div>
  );
}

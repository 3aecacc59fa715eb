import { type ReactNode, useEffect, useState } from "react";
import { Badge } from "../ui/badge.tsx";
import { AppIcon, ArrowIcon, ConsoleIcon, MailIcon } from "../ui/icons.tsx";
import { Notice } from "../ui/notice.tsx";
import { ConnectApp, TrustCertificate, UseAwsTools } from "./connect.tsx";
import { type DevInfo, loadDevInfo } from "./dev-info.ts";
import { paths } from "./paths.ts";
import "./start-page.css";

/** What a newcomer sees first: three doors, and the lines to paste. */
export function StartPage() {
  const [info, setInfo] = useState<DevInfo>();
  const [problem, setProblem] = useState<string>();

  useEffect(() => {
    const stop = new AbortController();
    loadDevInfo(stop.signal)
      .then(setInfo)
      .catch((error: unknown) => {
        if (!stop.signal.aborted)
          setProblem(error instanceof Error ? error.message : String(error));
      });
    return () => stop.abort();
  }, []);

  return (
    <>
      <header className="start-hero">
        <Badge tone="success">Running at {info?.publicUrl ?? location.origin}</Badge>
        <h1>Your user pools are ready</h1>
        <p className="muted">
          This machine now answers as Amazon Cognito does. Amplify apps and AWS tools sign in here
          unchanged.
        </p>
      </header>
      <ul className="doors">
        <Door icon={<AppIcon />} title="Demo app" href={paths.demo}>
          Sign up, sign in, change a profile and call a protected API, with Amplify.
        </Door>
        <Door icon={<MailIcon />} title="Inbox" href={paths.inbox}>
          Every e-mail and text message the server sends lands here, with its code.
        </Door>
        <Door icon={<ConsoleIcon />} title="Console">
          Look after pools, users and settings in the browser.
        </Door>
      </ul>
      {problem && (
        <Notice tone="danger">
          The details of this server could not be read: {problem}. Reload the page to try again.
        </Notice>
      )}
      {info && (
        <div className="start-lines">
          <ConnectApp info={info} />
          <UseAwsTools info={info} />
          <TrustCertificate caFile={info.caFile} />
        </div>
      )}
    </>
  );
}

function Door({
  icon,
  title,
  href,
  children,
}: {
  icon: ReactNode;
  title: string;
  href?: string;
  children: ReactNode;
}) {
  return (
    <li className={href ? "door" : "door door-closed"}>
      <span className="door-icon">{icon}</span>
      <h2>
        {href ? <a href={href}>{title}</a> : title}
        {href ? <ArrowIcon /> : <Badge>Coming</Badge>}
      </h2>
      <p className="muted">{children}</p>
    </li>
  );
}

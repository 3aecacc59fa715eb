import { type ReactNode, useEffect, useRef } from "react";

let firstPage = true;

/** A page under its heading, which takes the focus when the visitor changes pages. */
export function Page({
  title,
  intro,
  children,
}: {
  title: string;
  intro?: ReactNode;
  children?: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    document.title = `${title} · Poolhouse demo`;
    if (!firstPage) heading.current?.focus();
    firstPage = false;
  }, [title]);

  return (
    <div className="page">
      <header className="page-header">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {intro && <p className="muted">{intro}</p>}
      </header>
      {children}
    </div>
  );
}

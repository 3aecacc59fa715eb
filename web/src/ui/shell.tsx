import type { ReactNode } from "react";
import "./tokens.css";
import "./base.css";
import "./shell.css";
import { Mark } from "./mark.tsx";

/** One entry of a page's navigation. */
export interface ShellLink {
  href: string;
  label: string;
  current: boolean;
}

/** The frame of every page: a way past the header, the name, the navigation, and the page itself. */
export function Shell({
  name,
  home,
  links,
  end,
  children,
}: {
  name: string;
  home: string;
  links: readonly ShellLink[];
  end?: ReactNode;
  children: ReactNode;
}) {
  return (
    <>
      <button type="button" className="skip-link button button-primary" onClick={focusMain}>
        Skip to content
      </button>
      <header className="shell-header">
        <div className="shell-bar">
          <a className="shell-name" href={home}>
            <Mark />
            {name}
          </a>
          <nav aria-label="Main">
            <ul>
              {links.map((link) => (
                <li key={link.href}>
                  <a href={link.href} aria-current={link.current ? "page" : undefined}>
                    {link.label}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
          {end && <div className="shell-end">{end}</div>}
        </div>
      </header>
      <main id="main" className="shell-main" tabIndex={-1}>
        {children}
      </main>
    </>
  );
}

// Not a fragment link: the demo keeps its route in the fragment.
function focusMain() {
  document.getElementById("main")?.focus();
}

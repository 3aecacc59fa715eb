import type { ReactNode } from "react";
import type { Form } from "../../../../server/src/login/pages.ts";

/** A form of a page, bound to the browser. */
export function PageForm(props: {
  form: Form;
  name?: string;
  className?: string;
  children: ReactNode;
}) {
  const { form, name, className = "fields", children } = props;
  return (
    <form method="post" action={form.action} name={name} className={className} data-once="">
      <input type="hidden" name="_csrf" value={form.csrf} />
      {children}
    </form>
  );
}

/** What sends a form. */
export function Submit(props: {
  children: ReactNode;
  name?: string;
  value?: string;
  quiet?: boolean;
}) {
  const { children, name, value, quiet = false } = props;
  const look = quiet ? "button-secondary" : "button-primary submitButton-customizable";
  return (
    <button type="submit" name={name} value={value} className={`button ${look}`}>
      {children}
    </button>
  );
}

/** A link that stands below a form. */
export function Below({ text, href, link }: { text?: string; href: string; link: string }) {
  return (
    <p className="below redirect-customizable">
      {text && <span>{text} </span>}
      <a href={href}>{link}</a>
    </p>
  );
}

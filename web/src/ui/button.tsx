import type { AnchorHTMLAttributes, ButtonHTMLAttributes } from "react";
import "./button.css";

type Variant = "primary" | "secondary" | "danger" | "quiet";

/** A button that keeps its place and says so while its work is under way. */
export function Button({
  variant = "secondary",
  busy = false,
  type = "button",
  className = "",
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { variant?: Variant; busy?: boolean }) {
  return (
    <button
      {...rest}
      type={type}
      className={`button button-${variant} ${className}`}
      aria-disabled={busy || rest["aria-disabled"]}
      aria-busy={busy || undefined}
      // A disabled button would lose the focus, so a busy one stays enabled and does nothing.
      onClick={busy ? (event) => event.preventDefault() : rest.onClick}
    />
  );
}

/** A link that looks like a button: it goes somewhere instead of doing something. */
export function ButtonLink({
  variant = "secondary",
  className = "",
  children,
  ...rest
}: AnchorHTMLAttributes<HTMLAnchorElement> & { variant?: Variant }) {
  return (
    <a {...rest} className={`button button-${variant} ${className}`}>
      {children}
    </a>
  );
}

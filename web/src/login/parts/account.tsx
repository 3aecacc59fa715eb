import { PersonIcon } from "../../ui/icons.tsx";

/** Whose account a page is about. */
export function Account({ children }: { children: string }) {
  return (
    <p className="account">
      <PersonIcon />
      <span>{children}</span>
    </p>
  );
}

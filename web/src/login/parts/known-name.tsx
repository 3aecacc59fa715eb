/**
 * Whose password a form takes, for password managers, which keep it with its name. They pass over fields of type
 * `hidden` (Chromium, "Password Form Styles that Chromium Understands").
 */
export function KnownName({ children }: { children: string }) {
  return (
    <input
      type="text"
      name="username"
      autoComplete="username"
      defaultValue={children}
      readOnly
      hidden
    />
  );
}

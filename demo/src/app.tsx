import { Authenticator, useAuthenticator } from "@aws-amplify/ui-react";
import type { ReactNode } from "react";
import { Button } from "../../web/src/ui/button.tsx";
import { Shell } from "../../web/src/ui/shell.tsx";
import { ApiPage } from "./api-page.tsx";
import { HomePage } from "./home-page.tsx";
import { MembersPage } from "./members-page.tsx";
import { ProfilePage } from "./profile/profile-page.tsx";
import { useRoute } from "./route.ts";
import { SecurityPage } from "./security/security-page.tsx";
import { SignInPage } from "./sign-in.tsx";

const pages: readonly { href: string; label: string; page: ReactNode }[] = [
  {
    href: "#/",
    label: "Home",
    page: (
      <SignInPage>
        <HomePage />
      </SignInPage>
    ),
  },
  {
    href: "#/profile",
    label: "Profile",
    page: (
      <SignInPage>
        <ProfilePage />
      </SignInPage>
    ),
  },
  {
    href: "#/security",
    label: "Security",
    page: (
      <SignInPage>
        <SecurityPage />
      </SignInPage>
    ),
  },
  { href: "#/members", label: "Members", page: <MembersPage /> },
  { href: "#/api", label: "API", page: <ApiPage /> },
];

/** The whole demo; one Authenticator state for all its pages. */
export function App() {
  return (
    <Authenticator.Provider>
      <Pages />
    </Authenticator.Provider>
  );
}

function Pages() {
  const route = useRoute();
  const shown = pages.find((page) => page.href === route) ?? pages[0];
  return (
    <Shell
      name="Demo"
      home="#/"
      links={pages.map(({ href, label }) => ({ href, label, current: href === shown?.href }))}
      end={<Account />}
    >
      {shown?.page}
    </Shell>
  );
}

function Account() {
  const { authStatus, user, signOut } = useAuthenticator((context) => [
    context.authStatus,
    context.user,
  ]);
  if (authStatus !== "authenticated" || !user) return null;
  return (
    <>
      <bdi className="account muted small">{user.signInDetails?.loginId ?? user.username}</bdi>
      <Button onClick={signOut}>Sign out</Button>
    </>
  );
}

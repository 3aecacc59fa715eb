import { fetchAuthSession } from "aws-amplify/auth/server";
import { cookies } from "next/headers";
import { runWithAmplifyServerContext } from "../amplify.js";

// Read for each visitor, from the cookies that no script can see.
export const dynamic = "force-dynamic";

export default async function Home() {
  const session = await runWithAmplifyServerContext({
    nextServerContext: { cookies },
    operation: (context) => fetchAuthSession(context),
  });
  const email = session.tokens?.idToken?.payload.email;
  if (!email) {
    return (
      <main>
        <h1>Nobody is signed in</h1>
        <a href="/api/auth/sign-in">Sign in</a> <a href="/api/auth/sign-up">Sign up</a>
      </main>
    );
  }
  return (
    <main>
      <h1>Signed in as {email}</h1>
      <a href="/api/auth/sign-out">Sign out</a>
    </main>
  );
}

import { signInWithRedirect } from "aws-amplify/auth";
import { Hub } from "aws-amplify/utils";
import { useEffect, useState } from "react";
import { Button } from "../../web/src/ui/button.tsx";
import { Notice } from "../../web/src/ui/notice.tsx";
import { describeError } from "./describe-error.ts";
import { usePool } from "./pool.tsx";

/** The way to the server's own pages, and what came back from them where it was no sign-in. */
export function HostedSignIn() {
  const { name, pool } = usePool();
  const [problem, setProblem] = useState<string>();
  useEffect(
    () =>
      Hub.listen("auth", ({ payload }) => {
        if (payload.event !== "signInWithRedirect_failure") return;
        setProblem(describeError(payload.data?.error));
      }),
    [],
  );
  if (!pool.oauth) return null;
  // What comes back beside the tokens: where the user was.
  const leave = () =>
    signInWithRedirect({ customState: name }).catch((error: unknown) =>
      setProblem(describeError(error)),
    );
  return (
    <div>
      <h2>Prefer the server's own pages?</h2>
      <p className="muted">They sign in every app of the pool at once, and speak your language.</p>
      {problem && <Notice tone="danger">{problem}</Notice>}
      <Button onClick={leave}>Sign in on the hosted page</Button>
    </div>
  );
}

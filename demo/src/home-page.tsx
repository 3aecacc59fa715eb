import { useAuthenticator } from "@aws-amplify/ui-react";
import { type AuthSession, fetchAuthSession } from "aws-amplify/auth";
import { useEffect, useState } from "react";
import { Card } from "../../web/src/ui/card.tsx";
import { CodeBlock } from "../../web/src/ui/code-block.tsx";
import { Notice } from "../../web/src/ui/notice.tsx";
import { describeError } from "./describe-error.ts";
import { Facts } from "./facts.tsx";
import { Page } from "./page.tsx";
import { usePool } from "./pool.tsx";

type Tokens = NonNullable<AuthSession["tokens"]>;

/** Whoever signed in, as the tokens tell it. */
export function HomePage() {
  const { user } = useAuthenticator((context) => [context.user]);
  const { pool } = usePool();
  const [tokens, setTokens] = useState<Tokens>();
  const [problem, setProblem] = useState<string>();

  useEffect(() => {
    fetchAuthSession().then(
      (session) => setTokens(session.tokens),
      (error: unknown) => setProblem(describeError(error)),
    );
  }, []);

  return (
    <Page
      title="You are signed in"
      intro="Tokens stay in this page's memory: reload it, and you are signed out."
    >
      {problem && <Notice tone="danger">{problem}</Notice>}
      <Card title="Your session">
        <Facts
          facts={[
            {
              name: "Signed in as",
              value: <bdi>{user.signInDetails?.loginId ?? user.username}</bdi>,
            },
            { name: "User pool", value: <code>{pool.userPoolId}</code> },
            { name: "User ID", value: <code>{user.userId}</code> },
            { name: "Groups", value: groupsOf(tokens) },
            { name: "Access token ends", value: tokens ? expiryOf(tokens) : "…" },
          ]}
        />
      </Card>
      {tokens && (
        <Card
          title="What the tokens say"
          note="Signed by the server, readable by anyone who holds them."
        >
          <CodeBlock
            caption="ID token"
            code={JSON.stringify(tokens.idToken?.payload ?? {}, null, 2)}
          />
          <CodeBlock
            caption="Access token"
            code={JSON.stringify(tokens.accessToken.payload, null, 2)}
          />
        </Card>
      )}
    </Page>
  );
}

function groupsOf(tokens: Tokens | undefined): string {
  if (!tokens) return "…";
  const groups = tokens.accessToken.payload["cognito:groups"];
  return Array.isArray(groups) && groups.length > 0 ? groups.join(", ") : "None";
}

function expiryOf(tokens: Tokens): string {
  const { exp } = tokens.accessToken.payload;
  return exp ? new Date(exp * 1000).toLocaleString() : "Not stated";
}

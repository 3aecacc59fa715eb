import { useAuthenticator } from "@aws-amplify/ui-react";
import { useState } from "react";
import { Badge } from "../../web/src/ui/badge.tsx";
import { Button } from "../../web/src/ui/button.tsx";
import { Card } from "../../web/src/ui/card.tsx";
import { CodeBlock } from "../../web/src/ui/code-block.tsx";
import { Notice } from "../../web/src/ui/notice.tsx";
import { type Answer, callApi } from "./call-api.ts";
import { describeError } from "./describe-error.ts";
import { Page } from "./page.tsx";

/** Two calls with the access token: one for everybody who signed in, one for administrators. */
export function ApiPage() {
  const { authStatus } = useAuthenticator((context) => [context.authStatus]);
  const signedIn = authStatus === "authenticated";
  return (
    <Page
      title="Call the API"
      intro={
        signedIn
          ? "Amplify sends your access token along; the server decides what it opens."
          : "You are not signed in, so these calls go out without a token. See how they are refused."
      }
    >
      <div className="halves">
        <Endpoint
          path="/me"
          title="Who am I"
          note="Open to everybody who is signed in."
          signedIn={signedIn}
        />
        <Endpoint
          path="/admin"
          title="Administration"
          note="Open to administrators alone."
          signedIn={signedIn}
        />
      </div>
    </Page>
  );
}

function Endpoint({
  path,
  title,
  note,
  signedIn,
}: {
  path: string;
  title: string;
  note: string;
  signedIn: boolean;
}) {
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<Answer>();
  const [problem, setProblem] = useState<string>();

  async function call() {
    setBusy(true);
    setProblem(undefined);
    setAnswer(undefined);
    try {
      setAnswer(await callApi(path));
    } catch (error) {
      setProblem(describeError(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Card title={title} note={note}>
      <div className="row row-apart">
        <code dir="ltr">GET {path}</code>
        <Button variant="primary" busy={busy} onClick={call}>
          {busy ? "Calling…" : "Call"}
          <span className="visually-hidden"> {path}</span>
        </Button>
      </div>
      <div role="status" className="stack">
        {answer && <AnswerText answer={answer} signedIn={signedIn} />}
      </div>
      {answer && <CodeBlock caption="Answer" code={answer.body} />}
      {problem && <Notice tone="danger">{problem}</Notice>}
    </Card>
  );
}

function AnswerText({ answer, signedIn }: { answer: Answer; signedIn: boolean }) {
  const opened = answer.status < 300;
  return (
    <p>
      <Badge tone={opened ? "success" : "danger"}>{answer.status}</Badge>{" "}
      {wordsFor(answer.status, signedIn)}
    </p>
  );
}

function wordsFor(status: number, signedIn: boolean): string {
  if (status < 300) return "Welcome: the server accepted your token.";
  if (status === 401) {
    return signedIn
      ? "Refused: the server no longer accepts your token. Sign out and in again."
      : "Refused: nobody is signed in. Sign in and call again.";
  }
  if (status === 403) return "Refused: you are signed in, but this is not open to you.";
  if (status === 404) return "There is nothing at this address.";
  return "The server could not answer. Please try again.";
}

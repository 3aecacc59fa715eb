import { fetchUserAttributes } from "aws-amplify/auth";
import { useCallback, useEffect, useState } from "react";
import { Badge } from "../../../web/src/ui/badge.tsx";
import { Card } from "../../../web/src/ui/card.tsx";
import { Notice } from "../../../web/src/ui/notice.tsx";
import { describeError } from "../describe-error.ts";
import { Facts } from "../facts.tsx";
import { Page } from "../page.tsx";
import { DeleteAccountCard } from "./delete-account-card.tsx";
import { EmailCard } from "./email-card.tsx";
import { NameCard } from "./name-card.tsx";
import { PasswordCard } from "./password-card.tsx";

type Attributes = Awaited<ReturnType<typeof fetchUserAttributes>>;

/** The signed-in user's attributes, and every way to change them. */
export function ProfilePage() {
  const [attributes, setAttributes] = useState<Attributes>();
  const [problem, setProblem] = useState<string>();

  const reload = useCallback(async () => {
    try {
      setAttributes(await fetchUserAttributes());
      setProblem(undefined);
    } catch (error) {
      setProblem(describeError(error));
    }
  }, []);

  useEffect(() => {
    reload().catch(() => {
      // reload tells of its own failures.
    });
  }, [reload]);

  return (
    <Page title="Your profile" intro="What the user pool knows about you. It is yours to change.">
      {problem && <Notice tone="danger">{problem}</Notice>}
      {attributes && (
        <div className="halves">
          <Card title="Attributes">
            <Facts
              facts={Object.entries(attributes)
                .filter(([name]) => !name.endsWith("_verified"))
                .map(([name, value]) => ({
                  name: labels[name] ?? name,
                  value: withState(name, value, attributes),
                }))}
            />
          </Card>
          <NameCard name={attributes.name ?? ""} onChanged={reload} />
          <EmailCard
            email={attributes.email ?? ""}
            verified={attributes.email_verified === "true"}
            onChanged={reload}
          />
          <PasswordCard email={attributes.email ?? ""} />
          <DeleteAccountCard />
        </div>
      )}
      {!attributes && !problem && <p role="status">One moment…</p>}
    </Page>
  );
}

const labels: Record<string, string> = {
  sub: "User ID",
  email: "E-mail",
  name: "Name",
  given_name: "Given name",
};

function withState(name: string, value: string | undefined, attributes: Attributes) {
  const state = name === "email" ? attributes.email_verified : undefined;
  return (
    <>
      {name === "sub" ? <code>{value}</code> : <bdi>{value}</bdi>}{" "}
      {state === "true" && <Badge tone="success">Verified</Badge>}
      {state === "false" && <Badge tone="warning">Not verified</Badge>}
    </>
  );
}

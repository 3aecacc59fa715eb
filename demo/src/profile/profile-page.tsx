import { fetchUserAttributes } from "aws-amplify/auth";
import { Badge } from "../../../web/src/ui/badge.tsx";
import { Card } from "../../../web/src/ui/card.tsx";
import { Notice } from "../../../web/src/ui/notice.tsx";
import { Facts } from "../facts.tsx";
import { Page } from "../page.tsx";
import { useLoaded } from "../use-loaded.ts";
import { DeleteAccountCard } from "./delete-account-card.tsx";
import { EmailCard } from "./email-card.tsx";
import { NameCard } from "./name-card.tsx";
import { PasswordCard } from "./password-card.tsx";

type Attributes = Awaited<ReturnType<typeof fetchUserAttributes>>;

// Without its own parameters, so that it can be loaded again as it is.
const loadAttributes = () => fetchUserAttributes();

/** The signed-in user's attributes, and every way to change them. */
export function ProfilePage() {
  const { value: attributes, problem, reload } = useLoaded(loadAttributes);

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

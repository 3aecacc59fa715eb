import { Badge } from "../../../web/src/ui/badge.tsx";
import { Button } from "../../../web/src/ui/button.tsx";
import { Card } from "../../../web/src/ui/card.tsx";
import { Notice } from "../../../web/src/ui/notice.tsx";
import { useAction } from "../action.tsx";
import { callServer } from "../call-server.ts";
import { ItemList, moment } from "../item-list.tsx";
import { useLoaded } from "../use-loaded.ts";

interface Session {
  SessionId: string;
  /** Seconds since 1970, as all of these operations tell time. */
  CreateDate: number;
  LastActiveDate: number;
  DeviceType: string;
  LastIPAddress?: string;
  IsCurrentSession: boolean;
}

async function loadSessions(): Promise<Session[]> {
  const operation = "AWSCognitoIdentityProviderService.ListUserSessions";
  const { Sessions } = await callServer<{ Sessions: Session[] }>(operation);
  return Sessions.sort(
    (one, other) => Number(other.IsCurrentSession) - Number(one.IsCurrentSession),
  );
}

/** Where the user is signed in; every session but this one can be ended from here. */
export function SessionsCard() {
  const { value: sessions, problem, reload } = useLoaded(loadSessions);
  const action = useAction();

  const end = (SessionId: string) =>
    action.run(async () => {
      const operation = "AWSCognitoIdentityProviderService.RevokeUserSession";
      await callServer(operation, { SessionId });
      await reload();
      return "That session is ended, and its tokens open nothing any more.";
    });

  return (
    <Card
      title="Sessions"
      note="Where you are signed in. End what you do not know, and change your password then."
    >
      {problem && <Notice tone="danger">{problem}</Notice>}
      {sessions && (
        <ItemList
          items={sessions.map((session) => ({
            id: session.SessionId,
            name: (
              <>
                <bdi>{session.DeviceType}</bdi>{" "}
                {session.IsCurrentSession && <Badge tone="accent">This session</Badge>}
              </>
            ),
            details: `Since ${at(session.CreateDate)}, last used ${at(session.LastActiveDate)} from ${session.LastIPAddress}`,
            action: !session.IsCurrentSession && (
              <Button busy={action.busy} onClick={() => end(session.SessionId)}>
                End it<span className="visually-hidden">: {session.DeviceType}</span>
              </Button>
            ),
          }))}
        />
      )}
      {sessions?.length === 1 && <p className="muted">You are signed in nowhere else.</p>}
      {action.outcome}
    </Card>
  );
}

function at(seconds: number): string {
  return moment(new Date(seconds * 1000));
}

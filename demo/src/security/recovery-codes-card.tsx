import { useState } from "react";
import { Button } from "../../../web/src/ui/button.tsx";
import { Card } from "../../../web/src/ui/card.tsx";
import { CodeBlock } from "../../../web/src/ui/code-block.tsx";
import { Notice } from "../../../web/src/ui/notice.tsx";
import { useAction } from "../action.tsx";
import { callServer } from "../call-server.ts";
import { useLoaded } from "../use-loaded.ts";

async function countCodes(): Promise<number> {
  const operation = "PoolhouseService.DescribeRecoveryCodes";
  return (await callServer<{ RemainingCodes: number }>(operation)).RemainingCodes;
}

/** Makes the codes that stand for a lost phone. */
export function RecoveryCodesCard({ hasApp }: { hasApp: boolean }) {
  return (
    <Card
      title="Recovery codes"
      note="For the day when your phone is gone: each is good once, in the place of a code of the app."
    >
      {hasApp ? (
        <Codes />
      ) : (
        <p>Set up an authenticator app first. There is nothing to recover from yet.</p>
      )}
    </Card>
  );
}

function Codes() {
  const { value: left, problem, reload } = useLoaded(countCodes);
  const [codes, setCodes] = useState<string[]>();
  const making = useAction();

  async function make() {
    setCodes(undefined);
    await making.run(async () => {
      const operation = "PoolhouseService.CreateRecoveryCodes";
      const { RecoveryCodes } = await callServer<{ RecoveryCodes: string[] }>(operation);
      setCodes(RecoveryCodes);
      await reload();
      return "Print them or put them into a safe place: they are shown this once.";
    });
  }

  return (
    <>
      {problem && <Notice tone="danger">{problem}</Notice>}
      {left !== undefined && <p>{wordsFor(left)}</p>}
      {making.outcome}
      {codes && <CodeBlock caption="Your recovery codes" code={inTwoColumns(codes)} />}
      <div className="row">
        <Button variant={left ? "secondary" : "primary"} busy={making.busy} onClick={make}>
          {left ? "Make new codes" : "Make recovery codes"}
        </Button>
      </div>
    </>
  );
}

function wordsFor(left: number): string {
  if (left === 0) return "You have none.";
  return `You have ${left} left. Making new ones voids ${left === 1 ? "it" : "them"}.`;
}

function inTwoColumns(codes: readonly string[]): string {
  const half = Math.ceil(codes.length / 2);
  return codes
    .slice(0, half)
    .map((code, at) => `${code}  ${codes[half + at] ?? ""}`.trimEnd())
    .join("\n");
}

import { Button } from "../../web/src/ui/button.tsx";
import { EmptyState } from "../../web/src/ui/empty-state.tsx";
import { AppIcon } from "../../web/src/ui/icons.tsx";
import { Shell } from "../../web/src/ui/shell.tsx";

/** What shows instead of the demo while the server cannot be asked for its configuration. */
export function Unreachable({ reason }: { reason: string }) {
  return (
    <Shell name="Demo" home="./" links={[]}>
      <EmptyState icon={<AppIcon />} heading="h1" title="The demo cannot start yet">
        <p role="alert">{reason}</p>
        <Button variant="primary" onClick={() => location.reload()}>
          Try again
        </Button>
      </EmptyState>
    </Shell>
  );
}

/** One line of what applying a template changes, as ApplyStack answers it. */
export type StackChange = {
  Action: "make" | "change" | "replace" | "remove" | "keep" | "none";
  LogicalId: string;
  Type: string;
  PhysicalId?: string;
  Properties: string[];
  Note?: string;
};

const signs = { make: "+", change: "~", replace: "±", remove: "-", keep: "!", none: " " } as const;

/** The changes for people, one line each; what stays as it is is only counted. */
export function describeChanges(changes: readonly StackChange[]): string {
  const shown = changes.filter(({ Action }) => Action !== "none");
  const width = Math.max(0, ...shown.map(({ LogicalId }) => LogicalId.length));
  const lines = shown.map((change) => {
    const { Action, LogicalId, Type, Properties, Note } = change;
    const why = [Properties.join(", "), Note].filter((part) => part).join("; ");
    const head = `  ${signs[Action]} ${Action.padEnd(7)} ${LogicalId.padEnd(width)}  ${Type}`;
    return why ? `${head} (${why})\n` : `${head}\n`;
  });
  const same = changes.length - shown.length;
  return `${lines.join("")}${same > 0 ? `  ${same} unchanged\n` : ""}`;
}

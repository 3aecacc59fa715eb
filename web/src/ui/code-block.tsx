import { useId } from "react";
import "./code-block.css";
import { CopyButton } from "./copy-button.tsx";

/** Lines to paste, under a caption, with a button that copies them. */
export function CodeBlock({ caption, code }: { caption: string; code: string }) {
  const captionId = useId();
  return (
    <figure className="code-block" aria-labelledby={captionId}>
      <figcaption className="row row-apart">
        <span id={captionId}>{caption}</span>
        <CopyButton text={code} what={caption} />
      </figcaption>
      {/* Code reads left to right in every language. */}
      <pre dir="ltr">
        <code>{code}</code>
      </pre>
    </figure>
  );
}

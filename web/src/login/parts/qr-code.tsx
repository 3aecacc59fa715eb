import { create } from "qrcode/lib/core/qrcode.js";

/** Blank modules around the code, without which scanners miss it (ISO/IEC 18004 §5.3.8). */
const margin = 4;

/** A text as a QR code: dark on white whatever the page's colours, since scanners expect that. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { modules } = create(text, { errorCorrectionLevel: "M" });
  const { size } = modules;
  const dark = Array.from({ length: size * size }, (_, at) => [Math.floor(at / size), at % size])
    .filter(([row = 0, column = 0]) => modules.get(row, column))
    .map(([row = 0, column = 0]) => `M${column} ${row}h1v1h-1z`);
  const box = size + 2 * margin;
  return (
    <svg
      className="qr-code"
      role="img"
      aria-label={label}
      viewBox={`${-margin} ${-margin} ${box} ${box}`}
      shapeRendering="crispEdges"
    >
      <path d={dark.join("")} />
    </svg>
  );
}

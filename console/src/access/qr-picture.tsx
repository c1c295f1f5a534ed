import type { ReactNode } from 'react';
import { qrCodeOf } from './qr.ts';

/** The standard asks for as much light around a code. */
const MARGIN = 4;

/** A text as a QR code, dark on light in both themes: cameras want it so. */
export function QrPicture({ text, label }: { readonly text: string; readonly label: string }): ReactNode {
  const code = qrCodeOf(text);
  const size = code.length + 2 * MARGIN;
  const path = code.flatMap((row, y) =>
    row.flatMap((isDark, x) => (isDark ? `M${x + MARGIN} ${y + MARGIN}h1v1h-1z` : [])),
  );
  return (
    <svg className="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <rect width={size} height={size} fill="#fff" />
      <path d={path.join('')} fill="#000" />
    </svg>
  );
}

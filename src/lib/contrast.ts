const COLOR = /^#[0-9a-f]{6}$/;

/** Whether a text is a colour as `#rrggbb`, in small letters. */
export function isColor(text: string): boolean {
  return COLOR.test(text);
}

/**
 * The contrast of a colour (`#rrggbb`) with white, from 1 to 21, as WCAG 2.2 defines it (relative luminance of sRGB). Text
 * is to have 4.5 at least.
 */
export function contrastWithWhite(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) =>
    linear(Number.parseInt(color.slice(at, at + 2), 16) / 255),
  );
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return 1.05 / (luminance + 0.05);
}

function linear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}

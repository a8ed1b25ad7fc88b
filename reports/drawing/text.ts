/** Text in pictures: escaping, and widths without a browser. */
import { shorten, visible } from '../../harness/analysis/text/visible.ts';

/** Any text as inert XML text or attribute value, with what cannot be seen made visible. */
export function escapeXml(text: string): string {
  return visible(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}

/** Advance widths of DejaVu Sans in hundredths of an em, U+0020 to U+007E, measured with a canvas. */
const WIDTHS =
  '32 40 46 84 64 95 78 27 39 39 50 84 32 36 32 34 64 64 64 64 64 64 64 64 64 64 34 34 84 84 84 53 100 68 69 70 77 63 58 77 75 29 29 66 56 86 75 79 60 79 69 63 61 73 68 99 69 61 69 39 34 39 84 50 50 61 63 55 63 62 35 63 63 28 28 58 28 97 63 61 63 63 41 52 39 63 59 82 59 59 52 64 34 64 84'
    .split(' ')
    .map(Number);

/** Width of a text in px, in the widest of the fonts in the report's stack: nothing that is laid out with it overflows. */
export function textWidth(text: string, fontSize: number): number {
  let hundredths = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    // Wide scripts (CJK, emoji) take a full em; other letters beyond ASCII are about as wide as a capital.
    hundredths += code > 0x2e7f ? 100 : (WIDTHS[code - 32] ?? 70);
  }
  return (hundredths * fontSize) / 100;
}

/** The longest shortened form of a text that fits into so many px. */
export function fitText(text: string, fontSize: number, width: number): string {
  const whole = visible(text);
  if (textWidth(whole, fontSize) <= width) return whole;
  let length = Math.min(Array.from(whole).length, Math.floor(width / (fontSize * 0.28)));
  while (length > 3 && textWidth(shorten(text, length), fontSize) > width) length--;
  return shorten(text, length);
}

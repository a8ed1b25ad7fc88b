/** The page's own content security policy: nothing is loaded, and only this page's style and script run. */
import { createHash } from 'node:crypto';

/** The source expression that allows exactly this inline text. https://www.w3.org/TR/CSP3/#grammardef-hash-source */
export function sourceHash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

export function contentSecurityPolicy(style: string, scripts: readonly string[]): string {
  return [
    "default-src 'none'",
    `style-src ${sourceHash(style)}`,
    `script-src ${scripts.map(sourceHash).join(' ') || "'none'"}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

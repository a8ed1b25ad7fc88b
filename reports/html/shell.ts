/** The document around a page: it loads nothing from anywhere, and only its own style and scripts run. */
import { createHash } from 'node:crypto';
import { escapeXml } from '../drawing/text.ts';

export interface Shell {
  readonly title: string;
  readonly style: string;
  readonly body: string;
  /** Data that the scripts read, as JSON that cannot end its element. */
  readonly data?: string;
  readonly scripts: readonly string[];
}

export function htmlDocument({ title, style, body, data, scripts }: Shell): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy(style, scripts)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeXml(title)}</title>
<style>${style}</style>
</head>
<body>
${body}
${data === undefined ? '' : `<script type="application/json" id="data">${data}</script>\n`}${scripts.map((script) => `<script>${script}</script>\n`).join('')}</body>
</html>
`;
}

function contentSecurityPolicy(style: string, scripts: readonly string[]): string {
  return [
    "default-src 'none'",
    `style-src ${sourceHash(style)}`,
    `script-src ${scripts.map(sourceHash).join(' ') || "'none'"}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** The source expression that allows exactly this inline text. https://www.w3.org/TR/CSP3/#grammardef-hash-source */
function sourceHash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

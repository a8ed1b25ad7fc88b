/** Small pieces of HTML. All text goes through escapeXml, here or where it is put in. */
import type { Fact } from '../view/view.ts';
import { escapeXml } from '../drawing/text.ts';
import type { Painter } from '../drawing/painter.ts';
import { legendSamples } from '../drawing/legend.ts';

/** A sample of a server's line, from the sprite below: what a legend shows. */
export function swatch(server: number | null): string {
  if (server === null) return '';
  return `<svg class="chart key s${server}" width="30" height="12" aria-hidden="true"><use href="#k${server}"/></svg>`;
}

/** The samples of all servers, drawn once. */
export function swatchSprite(painter: Painter, servers: number): string {
  const symbols = legendSamples(painter, servers).map((markup, server) => `<g id="k${server}">${markup}</g>`);
  return `<svg class="chart defs" width="0" height="0" aria-hidden="true"><defs>${symbols.join('')}</defs></svg>`;
}

/** A server's name with its sample, in an element that takes part in highlighting. */
export function serverName(server: number | null, name: string): string {
  return `<span class="sv"${server === null ? '' : ` data-s="${server}"`}>${swatch(server)}<bdi>${escapeXml(name)}</bdi></span>`;
}

/** A word with its meaning on hover and on focus. */
export function term(word: string, meaning: string | undefined): string {
  if (!meaning) return escapeXml(word);
  return `<span class="term" tabindex="0">${escapeXml(word)}<span class="tip" role="tooltip">${escapeXml(meaning)}</span></span>`;
}

/** A sentence whose names with hyphens and whose figures with their units are not torn apart at the end of a line. */
export function phrase(text: string): string {
  return escapeXml(text).replace(
    /\b[\w.]{1,24}(?:-[\w.]{1,24}){1,4}|\d[\d,.]* (?:ns|µs|ms|s|min|B|[kMG]B|%|\/s)(?![\w/])/g,
    '<span class="nb">$&</span>',
  );
}

/** The attribute that ties an element to a scenario; none for what belongs to all. */
export function scenarioAttribute(scenario: number | null): string {
  return scenario === null ? '' : ` data-sc="${scenario}"`;
}

/** Sentences, one below the other; empty for none. */
export function list(texts: readonly string[]): string {
  const items = texts.map((text) => `<li>${escapeXml(text)}</li>`);
  return items.length > 0 ? `<ul class="method">${items.join('')}</ul>` : '';
}

export function factList(facts: readonly Fact[]): string {
  const items = facts.map(({ name, value }) => `<dt>${escapeXml(name)}</dt><dd>${escapeXml(value)}</dd>`);
  return `<dl>${items.join('')}</dl>`;
}

import { escapeText } from '../charts/renderChart.ts';
import { section } from './page.ts';
import { isUnknown, type Known } from './sheet.ts';

/** A part of the page: HTML, or why it is left out. */
export type SheetPart =
  | { readonly kind: 'shown'; readonly html: string }
  | { readonly kind: 'leftOut'; readonly title: string; readonly why: string };

/** A part that is drawn. */
export function shown(html: string): SheetPart {
  return { kind: 'shown', html };
}

/** A part that is not, and why. */
export function leftOut(title: string, why: string): SheetPart {
  return { kind: 'leftOut', title, why };
}

/** Draws what is known; says why what is not. */
export function drawKnown<Part extends object>(
  title: string,
  part: Known<Part>,
  draw: (known: Part) => SheetPart,
): SheetPart {
  return isUnknown(part) ? leftOut(title, part.unknown) : draw(part);
}

/** What a sheet leaves out, and why; plain JSON. */
export function leftOutOf(parts: readonly SheetPart[]): readonly { readonly part: string; readonly why: string }[] {
  return parts.flatMap((part) => (part.kind === 'leftOut' ? [{ part: part.title, why: part.why }] : []));
}

/** The parts that are left out, each with its reason; the empty text where none is. */
export function leftOutSection(parts: readonly SheetPart[]): string {
  const missing = leftOutOf(parts);
  if (missing.length === 0) return '';
  const items = missing.map(({ part, why }) => `<div><dt>${escapeText(part)}</dt><dd>${escapeText(why)}</dd></div>`);
  return section('Not on this sheet', '', `<dl class="left-out">${items.join('')}</dl>`);
}

const figure = /^\$?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?([KMB])?$/i;
const multiples: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, b: 1e9 };

/**
 * The figure that a cell shows to people: `$1,234.50`, `1.23M`. A comma that may be a decimal one (`1,234`) is refused
 * where the figure may have decimals.
 * @param kind `whole` for shares, which have none
 * @returns NaN for an empty cell or a dash; undefined for what is no figure
 */
export function figureOfText(text: string, kind: 'whole' | 'price'): number | undefined {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed === '-') return Number.NaN;
  const [, digits, decimals = '', multiple] = figure.exec(trimmed) ?? [];
  if (digits === undefined) return undefined;
  const plain = trimmed.startsWith('$') || decimals !== '' || kind === 'whole' || digits.split(',').length !== 2;
  if (!plain) return undefined;
  return Number(`${digits.replaceAll(',', '')}${decimals}`) * (multiples[multiple?.toLowerCase() ?? ''] ?? 1);
}

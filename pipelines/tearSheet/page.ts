import { paletteStyle, type Ink } from '../charts/palette.ts';
import { chartSizes, escapeText, type ChartSize } from '../charts/renderChart.ts';
import type { TextTable } from '../verdictTables.ts';

const style = `
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;font-variant-numeric:tabular-nums;-webkit-text-size-adjust:100%}
main{max-width:960px;margin:0 auto;padding:40px 20px 64px}
h1{font-size:26px;line-height:1.2;font-weight:650;letter-spacing:-.01em;margin:0 0 6px}
h2{font-size:16px;line-height:1.3;font-weight:650;margin:0 0 2px}
header p,.note{margin:0;color:var(--muted);font-size:14px;overflow-wrap:anywhere}
section{margin-top:44px}
.note{max-width:84ch;margin-bottom:12px}
svg{display:block;width:100%;height:auto;overflow:visible}
.narrow{display:none}
dl{margin:0}dt{color:var(--muted);font-size:13px}dd{margin:0}
.headline{display:grid;grid-template-columns:repeat(5,1fr);gap:12px 20px;margin-top:28px;padding:16px 0;border:solid var(--hairline);border-width:1px 0}
.headline dd{font-size:24px;line-height:1.3;font-weight:600;letter-spacing:-.01em}
.headline span{display:block;font-size:12.5px;font-weight:400;letter-spacing:0;color:var(--muted)}
.key{display:flex;max-width:none;flex-wrap:wrap;gap:2px 20px;margin:0 0 8px;padding:0;list-style:none;font-size:13.5px}
.key li::before{content:"";display:inline-block;width:16px;height:0;margin-right:7px;vertical-align:4px;border-top:2.5px solid var(--ink)}
.key b{font-weight:600;margin-left:5px}
table{border-collapse:collapse;font-size:13.5px}
th{font-weight:400;text-align:left}
.scroll{overflow-x:auto}
.figures{width:100%}
.figures td,.figures thead th{text-align:right;padding:5px 0 5px 18px;white-space:nowrap}
.figures tbody th{padding:5px 0;min-width:104px}
.figures thead th{color:var(--muted);width:16%}
.figures tr{border-bottom:1px solid var(--hairline)}
.figures td:nth-child(2):not(:last-child){font-weight:600}
details .figures td:nth-child(2){font-weight:400}
.figures thead th:first-child{text-align:left;padding-left:0}
.verdict{width:100%}
.verdict td,.verdict th{padding:5px 18px 5px 0;vertical-align:top;overflow-wrap:anywhere;min-width:84px}
.verdict thead th{color:var(--muted)}
.verdict tr{border-bottom:1px solid var(--hairline)}
.months{width:100%;table-layout:fixed;border-collapse:separate;border-spacing:2px}
.months td,.months thead th{text-align:center;padding:5px 0;font-size:12.5px;border-radius:3px}
.months th{color:var(--muted);font-size:12.5px}
.months i{font-style:normal}
.whole{display:none}
.months .total{font-weight:600}
.summary{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:10px 20px;margin-top:14px}
.summary dd{font-weight:600}
.left-out{margin-top:8px;max-width:84ch}.left-out div{margin:6px 0}.left-out dt{display:inline;color:var(--text);font-size:14px}.left-out dt::after{content:": "}.left-out dd{display:inline;color:var(--muted);font-size:14px}
.crises{display:grid;grid-template-columns:repeat(2,1fr);gap:24px 32px;margin-top:12px}
.crises h3{font-size:14px;font-weight:600;margin:0}
.crises p{margin:0 0 6px;color:var(--muted);font-size:13px}
details{margin-top:10px}summary{cursor:pointer;color:var(--muted);font-size:13.5px;padding:6px 0}
ul{margin:8px 0 0;padding-left:18px;max-width:68ch}li{margin:3px 0}
@media(max-width:640px){
main{padding:24px 16px 48px}
section{margin-top:36px}
.figures td,.figures thead th{padding-left:12px}
.wide{display:none}.narrow{display:block}
.crises{grid-template-columns:1fr}
.headline{grid-template-columns:repeat(2,1fr)}
.months{border-spacing:1px}
.months td,.months thead th,.months th{font-size:11px;padding:4px 0}
.months i,.tenths{display:none}.whole{display:inline}
.months thead td:first-child{width:34px}
}
@media print{section{break-inside:avoid}details{display:none}}
`.replace(/\n/g, '');

/** A whole page around sections that are HTML already. */
export function page({ title }: { readonly title: string }, body: string): string {
  return (
    `<!doctype html>\n<html lang="en"><head><meta charset="utf-8">` +
    `<meta name="viewport" content="width=device-width,initial-scale=1">` +
    // Nothing may load or run, whatever a text tries.
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none';style-src 'unsafe-inline'">` +
    `<title>${escapeText(title)}</title><style>${paletteStyle(':root')}${style}</style></head>\n` +
    `<body><main>\n${body}\n</main></body></html>\n`
  );
}

/** A section: its title, a quiet sentence of plain text, and content that is HTML already. */
export function section(title: string, note: string, content: string): string {
  const sentence = note === '' ? '' : `<p class="note">${escapeText(note)}</p>`;
  return `<section><h2>${escapeText(title)}</h2>${sentence}${content}</section>`;
}

/** A picture drawn once for wide and once for narrow screens. */
export function figure(draw: (size: ChartSize) => string): string {
  return `<div class="wide">${draw(chartSizes.wide)}</div><div class="narrow">${draw(chartSizes.narrow)}</div>`;
}

/** What the colours mean. */
export function key(entries: readonly { readonly name: string; readonly ink: Ink; readonly text: string }[]): string {
  const items = entries.map(
    ({ name, ink, text }) => `<li style="--ink:var(--${ink})">${escapeText(name)}<b>${escapeText(text)}</b></li>`,
  );
  return `<ul class="key">${items.join('')}</ul>`;
}

/** A table whose first column names its rows: of texts that wrap, or of figures to the right. */
export function textTable({ head, rows }: TextTable, of: 'texts' | 'figures' = 'texts'): string {
  const headCells = head.map((text) => `<th scope="col">${escapeText(text)}</th>`).join('');
  const body = rows.map(([name, ...cells]) => {
    const rest = cells.map((text) => `<td>${escapeText(text)}</td>`).join('');
    return `<tr><th scope="row">${escapeText(name ?? '')}</th>${rest}</tr>`;
  });
  return `<div class="scroll"><table class="${of === 'figures' ? 'figures' : 'verdict'}"><thead><tr>${headCells}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

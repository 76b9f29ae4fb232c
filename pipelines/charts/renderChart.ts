import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, MarkLineComponent } from 'echarts/components';
import { init, use, type EChartsCoreOption } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { inkedWithProperties, inks } from './palette.ts';

use([BarChart, LineChart, GridComponent, MarkLineComponent, SVGRenderer]);

/** Size of a picture, in units of CSS. */
export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

/** Screens are wide or narrow; a picture drawn for one and scaled to the other has letters nobody can read. */
export const chartSizes = {
  wide: { width: 920, height: 300 },
  narrow: { width: 380, height: 250 },
} as const satisfies Readonly<Record<string, ChartSize>>;

// The library writes it into an attribute as it is: no quotes.
const font = 'system-ui, -apple-system, Roboto, sans-serif';

/** Style shared by all axes: labels in a muted tone, hairlines, no ticks. */
export const axisStyle = {
  axisLine: { show: false },
  axisTick: { show: false },
  axisLabel: { color: inks.muted, fontSize: 12, fontFamily: font, hideOverlap: true },
  splitLine: { lineStyle: { color: inks.hairline, width: 1 } },
} as const;

/** Room around a plot: what its axis labels need, and no more. */
export const plotGrid = {
  left: 4,
  right: 12,
  top: 10,
  bottom: 4,
  outerBoundsMode: 'same',
  outerBoundsContain: 'axisLabel',
} as const;

/**
 * Draws a chart as an SVG element whose colours are custom properties of the page. The same option gives the same
 * bytes.
 * @param name prefix of the element's ids, unique in a page
 * @param description what the picture shows, for those who cannot see it
 */
export function renderChart(
  { name, description, size }: { readonly name: string; readonly description: string; readonly size: ChartSize },
  option: EChartsCoreOption,
): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...size });
  chart.setOption({ animation: false, useUTC: true, textStyle: { fontFamily: font }, ...option });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return inkedWithProperties(withoutInteraction(svg, name)).replace(
    /^<svg [^>]*>/,
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img" ` +
      `aria-label="${escapeText(description)}">`,
  );
}

/** The library numbers its ids by process and adds rules for a mouse; a still picture wants neither. */
function withoutInteraction(svg: string, name: string): string {
  return svg
    .replace(/<style ?>[\s\S]*?<\/style>/g, '')
    .replace(/ class="zr[^"]*"/g, '')
    .replace(/ pointer-events="visible"/g, '')
    .replace(/\bzr\d+-c(\d+)/g, `${name}-$1`)
    .replace(/<rect [^>]*fill="none"><\/rect>\n?/, '')
    .replace(/\n+/g, '');
}

/** Text safe inside an element or a quoted attribute of HTML and SVG. */
export function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}

/**
 * Colours by role. Charts are drawn in placeholder colours, which the renderer turns into custom properties of CSS, so
 * that one picture serves light and dark pages.
 */
export const inks = {
  text: '#fe0001',
  muted: '#fe0002',
  hairline: '#fe0003',
  paper: '#fe0004',
  strategy: '#fe0010',
  benchmark: '#fe0011',
  first: '#fe0012',
  second: '#fe0013',
  third: '#fe0014',
  gain: '#fe0020',
  loss: '#fe0021',
} as const;

/** A colour's role. */
export type Ink = keyof typeof inks;

const light: Readonly<Record<Ink, string>> = {
  text: '#1c1f23',
  muted: '#6a7078',
  hairline: '#e3e5e8',
  paper: '#fdfdfc',
  strategy: '#1f5fa8',
  benchmark: '#8a9099',
  first: '#b8722c',
  second: '#4f8a5b',
  third: '#8a5fa0',
  gain: '#2f7d5b',
  loss: '#b4443c',
};

const dark: Readonly<Record<Ink, string>> = {
  text: '#e6e8ea',
  muted: '#989fa8',
  hairline: '#2b3036',
  paper: '#14171a',
  strategy: '#6fa8e6',
  benchmark: '#7f8791',
  first: '#dba063',
  second: '#84bd90',
  third: '#bd97d0',
  gain: '#6cbf98',
  loss: '#e0807a',
};

/** Style rules that give the roles their colours, for light and for dark screens. */
export function paletteStyle(selector: string): string {
  const declare = (colours: Readonly<Record<Ink, string>>): string =>
    Object.entries(colours)
      .map(([role, colour]) => `--${role}:${colour}`)
      .join(';');
  return (
    `${selector}{color-scheme:light dark;${declare(light)}}` +
    `@media(prefers-color-scheme:dark){${selector}{${declare(dark)}}}`
  );
}

/** Turns placeholder colours into custom properties. */
export function inkedWithProperties(svg: string): string {
  const roles = Object.fromEntries(Object.entries(inks).map(([role, placeholder]) => [placeholder, role]));
  return svg.replace(/#fe00[0-9a-f]{2}/g, (placeholder) => `var(--${roles[placeholder] ?? 'text'})`);
}

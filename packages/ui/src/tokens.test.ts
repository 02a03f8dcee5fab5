import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const number = String.raw`([\d.]+)`;
const colour = String.raw`oklch\(${number} ${number} ${number}\)`;
const token = new RegExp(String.raw`--color-([\w-]+): light-dark\(${colour}, ${colour}\)`, 'g');

/** Luminance of each token in each theme. */
const luminance = new Map(
  [...css.matchAll(token)].map(([, name, ...parts]) => {
    const [l1, c1, h1, l2, c2, h2] = parts.map(Number) as [number, number, number, number, number, number];
    return [name, { light: luminanceOf(l1, c1, h1), dark: luminanceOf(l2, c2, h2) }];
  }),
);

const grounds = ['canvas', 'surface', 'raised', 'sunken', 'hover'];
const tones = ['accent', 'positive', 'caution', 'critical'];
const text = [
  ...['ink', 'muted', 'faint'].flatMap((name) => grounds.map((ground) => [name, ground] as const)),
  ...['ink', 'muted'].flatMap((name) => tones.map((tone) => [name, `${tone}-soft`] as const)),
  ...['ink', 'muted'].map((name) => [name, 'pressed'] as const),
  ...tones.flatMap((tone) =>
    ['canvas', 'surface', 'raised', `${tone}-soft`].map((ground) => [tone, ground] as const),
  ),
  ['accent-strong', 'accent-soft'],
  ['on-accent', 'accent'],
  ['on-accent', 'accent-strong'],
  ['on-critical', 'critical'],
  ['on-critical', 'critical-strong'],
  ['canvas', 'ink'],
] as const;

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  test.each(text)('%s can be read on %s', (front, back) => {
    expect(contrast(front, back, theme)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(['surface', 'canvas', 'raised'])('boxes to tick can be seen on %s', (back) => {
    expect(contrast('control', back, theme)).toBeGreaterThanOrEqual(3);
  });
});

/** The ratio of WCAG 2.1, 1 to 21. */
function contrast(front: string, back: string, theme: 'light' | 'dark'): number {
  const [a, b] = [front, back].map((name) => {
    const found = luminance.get(name);
    if (!found) throw new Error(`There is no token --color-${name} with a light and a dark value.`);
    return found[theme];
  }) as [number, number];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** Relative luminance of an OKLCH colour, clipped to sRGB. https://bottosson.github.io/posts/oklab/ */
function luminanceOf(lightness: number, chroma: number, hue: number): number {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clip = (value: number) => Math.min(1, Math.max(0, value));
  const red = clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

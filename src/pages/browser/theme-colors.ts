const names = ['sea', 'land', 'border', 'drawn', 'result', 'ink'] as const;
export type ThemeColors = Record<(typeof names)[number], string>;

/** The colours of the design (styles/tokens.css) as they are now, for what is drawn on a canvas. */
export function themeColors(): ThemeColors {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(
    names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]),
  ) as ThemeColors;
}

/** Calls back when the person changes between light and dark. */
export function onThemeChange(changed: (colors: ThemeColors) => void): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => changed(themeColors()));
}

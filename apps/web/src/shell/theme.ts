const themes = ['system', 'light', 'dark'] as const;
/** What a person may choose; `system` follows the device. */
export type Theme = (typeof themes)[number];

export const themeCookie = 'sluice-theme';

/** The theme in a cookie's value; `system` for anything else. */
export function themeOf(value: string | undefined): Theme {
  return themes.find((theme) => theme === value) ?? 'system';
}

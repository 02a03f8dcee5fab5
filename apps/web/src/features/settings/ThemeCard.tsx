'use client';

import { Card } from '@sluice/ui/Card';
import { Segmented } from '@sluice/ui/Segmented';
import { useTheme } from '#shell/use-theme.ts';

const options = [
  { value: 'system', label: 'As the device' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const;

/** The look of the console, in this browser. */
export function ThemeCard() {
  const [theme, setTheme] = useTheme();
  return (
    <Card
      title="Theme"
      description="Kept in this browser."
      actions={<Segmented label="Theme" value={theme} options={options} onChange={setTheme} />}
    />
  );
}

import AxeBuilder from '@axe-core/playwright';
import { expect, type Locator, type Page, test } from '@playwright/test';

/** Fails when the screen has an accessibility fault that axe calls serious or critical, light or dark. Keeps pictures. */
export async function look(page: Page, name: string): Promise<void> {
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await settled(page);
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    const words = serious.map(
      ({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map(({ html }) => html).join('\n  ')}`,
    );
    expect(words.join('\n'), `accessibility of "${name}" (${colorScheme})`).toBe('');
    const body = await page.screenshot({ fullPage: true });
    await test.info().attach(`${name} (${colorScheme})`, { body, contentType: 'image/png' });
  }
}

/** Opens a combobox and chooses the option whose label starts with the text. */
export async function choose(page: Page, box: Locator, option: string): Promise<void> {
  await box.click();
  await page.locator('[cmdk-input]').fill(option);
  // The SQL editor has options of its own.
  await page.locator('[cmdk-list]').getByRole('option', { name: option }).first().click();
}

/** Writes a query as a person would: the list of completions that typing opened is closed again. */
export async function writeSql(editor: Locator, sql: string): Promise<void> {
  await editor.fill(sql);
  await editor.press('Escape');
  // Completions that are still being looked up are dropped when the cursor moves.
  await editor.press('Home');
  await expect(editor.page().getByRole('listbox', { name: 'Completions' })).toHaveCount(0);
}

/** Colours fade when the theme changes: half-way they have a contrast that nobody ever reads. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const passing = document
      .getAnimations()
      .filter(({ effect }) => effect?.getTiming().iterations !== Infinity);
    await Promise.all(passing.map((animation) => animation.finished.catch(() => undefined)));
  });
}

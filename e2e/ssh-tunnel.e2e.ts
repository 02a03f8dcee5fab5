import { expect, type Page, test } from '@playwright/test';
import { startBastion, type TestBastion } from '@sluice/testing/ssh/bastion';
import { createCustomer } from './customer.ts';
import { look } from './look.ts';
import { operations } from './operations.ts';

let bastion: TestBastion;
test.afterAll(() => bastion.close());

test('connects a database that only an SSH server can reach', async ({ page }) => {
  const customer = await createCustomer('hidden');
  bastion = await startBastion(
    { 'db.internal:5432': Number(customer.port) },
    Number(process.env.E2E_BASTION_PORT),
  );
  const { slug, email, password } = operations();
  await page.goto(`${process.env.E2E_URL}/${slug}/sources/new/postgresql`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();

  await page.getByLabel('Host', { exact: true }).fill('db.internal');
  await page.getByLabel('Database').fill(customer.database);
  await page.getByLabel('User', { exact: true }).fill(customer.user);
  await page.getByLabel('Password').fill(customer.password);
  await page.getByLabel('SSL mode').click();
  await page.getByRole('option', { name: /^Disable/ }).click();
  await page.getByLabel('SSH tunnel').check();
  await page.getByLabel('SSH host', { exact: true }).fill('127.0.0.1');
  await page.getByLabel('SSH port').fill(String(bastion.port));
  await page.getByLabel('SSH user').fill(bastion.user);
  const line = await page.getByText(/^ssh-ed25519 /).textContent();
  await look(page, 'form of a source behind an SSH server');

  await testConnection(page);
  await expect(page.getByText('shows a key that nobody has confirmed')).toBeVisible();
  await look(page, 'a host key that nobody has confirmed');
  await page.getByLabel('SSH host key').fill(bastion.fingerprint);
  await testConnection(page);
  await expect(page.getByText('did not let sluice in')).toBeVisible();
  bastion.authorizedKeys.push(line ?? '');
  await testConnection(page);
  await expect(page.getByText('The connection works.')).toBeVisible();
  await look(page, 'the checks of a tunnel');
  await page.setViewportSize({ width: 390, height: 844 });
  await look(page, 'form of a source behind an SSH server, on a phone');
  await page.getByRole('button', { name: 'Save source' }).click();
  await expect(page.getByText('Connected PostgreSQL.')).toBeVisible();
  expect(new Set(bastion.asked)).toEqual(new Set(['db.internal:5432']));
});

test('gives the workspace a new key', async ({ page }) => {
  const { slug, email, password } = operations();
  await page.goto(`${process.env.E2E_URL}/${slug}/settings`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  const before = await page.getByText(/^ssh-ed25519 /).textContent();
  await page.getByRole('button', { name: 'Rotate' }).click();
  await look(page, 'rotating the SSH key');
  await page.getByRole('button', { name: 'Rotate key' }).click();
  await expect(page.getByText('The workspace has a new SSH key.')).toBeVisible();
  await expect(page.getByText(/^ssh-ed25519 /)).toHaveCount(2);
  await expect(page.getByText(before ?? '', { exact: true })).toBeVisible();
  await look(page, 'settings with the SSH key');
});

async function testConnection(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: 'Test', exact: true });
  await button.click();
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
}

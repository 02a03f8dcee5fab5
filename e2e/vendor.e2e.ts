// A tool that people sign in at: connected in the browser, filled from the sample data, with what it refused in its words.
import { expect, type Page, test } from '@playwright/test';
import { choose, look } from './look.ts';
import { create } from './make-sync.ts';
import { operations } from './operations.ts';

test.describe.configure({ mode: 'serial' });

let page: Page;
const { slug: workspace, email, password } = operations();

test.beforeAll(async ({ browser }, info) => {
  const source = await create('/sources', { name: 'Shop', slug: 'shop', type: 'sample', configuration: {} });
  await create('/models', {
    name: 'Buyers',
    slug: 'buyers',
    sourceId: source,
    primaryKey: 'id',
    raw: { sql: buyers },
  });
  const { viewport, hasTouch } = info.project.use;
  const context = await browser.newContext({ baseURL: process.env.E2E_URL, viewport, hasTouch });
  page = await context.newPage();
  await page.goto(`/${workspace}/destinations/new/hubspot`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
});

test.afterAll(() => page.context().close());

test('signs in at HubSpot in another tab, and is connected', async () => {
  await page.getByLabel('Access', { exact: true }).click();
  await page.getByRole('option', { name: 'Sign in at HubSpot' }).click();
  await page.getByLabel('API address').fill(process.env.E2E_CRM ?? '');
  const opened = page.context().waitForEvent('page');
  await page.getByRole('button', { name: 'Connect with HubSpot' }).click();
  const tab = await opened;
  await expect(page.getByText('Waiting for you to come back from HubSpot.')).toBeVisible();
  await tab.getByRole('link', { name: 'Give access' }).click();
  await expect(tab.getByRole('heading', { name: 'Connected with HubSpot.' })).toBeVisible();
  await look(tab, 'back from the vendor');
  await tab.close();
  await expect(page.getByText(/^Connected by/)).toBeVisible();
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  await expect(page.getByText('The connection works.')).toBeVisible();
  await look(page, 'a destination that somebody signed in at');
  await page.getByRole('button', { name: 'Save destination' }).click();
  await expect(page.getByText('Connected HubSpot.')).toBeVisible();
});

test('maps sample data to contacts, and hears of the refused one in HubSpot’s words', async () => {
  await page.goto(`/${workspace}/syncs/new`);
  await choose(page, page.getByRole('combobox', { name: /^Model/ }), 'Buyers');
  await next();
  await page.getByRole('radio', { name: /^HubSpot/ }).click();
  await next();
  await choose(page, page.getByRole('combobox', { name: /^Object/ }), 'Contacts');
  await page.getByRole('radio', { name: /^Upsert/ }).click();
  await look(page, 'wizard: objects of a vendor');
  await next();
  await expect(page.getByRole('combobox', { name: /^Field for first_name/ })).toBeVisible();
  await expect(page.getByLabel('Live preview')).toContainText('@', { timeout: 30_000 });
  await look(page, 'wizard: mapping to a vendor');
  await next();
  await next();
  await page.getByRole('button', { name: 'Create and run' }).click();
  await page.waitForURL(/\/runs\/\d+/);
  await expect(page.getByText('Rows pending').first()).toBeVisible({ timeout: 60_000 });
  await page.getByRole('link', { name: '1: Rejected added rows' }).click();
  await page
    .getByRole('button', { name: /^Row .+, Rejected/ })
    .first()
    .click();
  await expect(page.getByRole('dialog')).toContainText('Email address no address is invalid');
  await look(page, 'a row that a vendor refused');
});

async function next(): Promise<void> {
  await page.getByRole('button', { name: 'Continue' }).click();
}

/** One of them has no address that a CRM takes. */
const buyers = `select id, email, first_name from users where email like '%_@%_.%' and email not like ' %' and id <= 60
union all select 0, 'no address', 'Nobody'`;

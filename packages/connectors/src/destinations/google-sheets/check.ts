import type { CheckResult } from '@sluice/domain/connector';
import type { CheckFinding, CheckNames } from '../../kit/checks.ts';
import type { ConnectContext } from '../../kit/context.ts';
import { apiCheckNames, checkApi } from '../../kit/http/check-api.ts';
import type { SheetsClients } from './client.ts';
import type { SheetsConfiguration } from './configuration.ts';
import { listSpreadsheets } from './list-sheets.ts';
import { readTabs } from './place.ts';

export const checks: CheckNames = apiCheckNames;

export function check(
  configuration: () => SheetsConfiguration,
  clients: () => SheetsClients,
  context: ConnectContext,
): AsyncIterable<CheckResult> {
  return checkApi(checks, context, {
    baseUrl: () => configuration().baseUrl,
    async credentials(): Promise<CheckFinding> {
      const { spreadsheetId, access } = configuration();
      const { sheets, drive } = clients();
      if (spreadsheetId !== null) {
        const { title, tabs } = await readTabs((request) => sheets.read(request), spreadsheetId);
        return { status: 'passed', message: `"${title}" can be read; sheets: ${tabs.length}.` };
      }
      const { length } = await listSpreadsheets(drive);
      if (length > 0) return { status: 'passed', message: `Spreadsheets that can be seen: ${length}.` };
      return {
        status: 'warning',
        message: 'The account sees no spreadsheet.',
        fix:
          access.kind === 'key'
            ? `Share a spreadsheet with ${access.email} as an editor.`
            : 'Make a spreadsheet, or have one shared with the account as an editor.',
      };
    },
  });
}

import type { SyncConfiguration } from '@sluice/domain/sync';

/** What saving a change of a sync does to its next run, in one or two sentences; `null` when it does nothing. */
export function editEffect(before: SyncConfiguration, after: SyncConfiguration): string | null {
  if (before.object !== after.object) {
    return 'The new object holds none of the rows yet, but the ledger says that they were delivered. Start a full resync after saving, and remove the records at the old object yourself.';
  }
  if (JSON.stringify(before.matchKey) !== JSON.stringify(after.matchKey)) {
    return 'Records are found by another field from now on. Those delivered under the old match key are neither merged nor removed; start a full resync after saving.';
  }
  const columns = (configuration: SyncConfiguration) =>
    configuration.mappings.flatMap((mapping) => (mapping.type === 'column' ? [mapping.from] : []));
  const known = new Set(columns(before));
  if (columns(after).some((column) => !known.has(column))) {
    return 'A column is used that was not used before: the next run sends all rows again as changed, with its values.';
  }
  if (
    JSON.stringify(before.mappings) !== JSON.stringify(after.mappings) ||
    JSON.stringify(before.options) !== JSON.stringify(after.options)
  ) {
    return 'Rows that change from now on are sent the new way. Rows that stay as they are keep what was delivered; start a full resync to send them the new way, too.';
  }
  if (before.mode !== after.mode || before.deleteBehaviour !== after.deleteBehaviour) {
    return 'The next run works by the new mode. What was delivered is still known.';
  }
  return null;
}

import { Page } from '@sluice/ui/Page';

export default function NotFound() {
  return (
    <Page title="There is nothing at this address" width="settings">
      <p className="text-muted">It may have been removed, or it belongs to another workspace.</p>
    </Page>
  );
}

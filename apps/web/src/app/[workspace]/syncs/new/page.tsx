import { SyncWizard } from '#features/sync/SyncWizard.tsx';

export default function Page() {
  return <SyncWizard />;
}

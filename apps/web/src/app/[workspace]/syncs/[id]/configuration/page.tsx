import { SyncConfigurationTab } from '#features/sync/SyncConfigurationTab.tsx';

export default function Page() {
  return <SyncConfigurationTab />;
}

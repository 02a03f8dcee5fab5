import { SyncScheduleTab } from '#features/sync/SyncScheduleTab.tsx';

export default function Page() {
  return <SyncScheduleTab />;
}

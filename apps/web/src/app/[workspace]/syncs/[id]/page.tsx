import { SyncRuns } from '#features/sync/SyncRuns.tsx';

export default function Page() {
  return <SyncRuns />;
}

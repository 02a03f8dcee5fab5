import { SyncDoubts } from '#features/sync/SyncDoubts.tsx';

export default function Page() {
  return <SyncDoubts />;
}

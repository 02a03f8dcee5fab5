import { SyncList } from '#features/sync/SyncList.tsx';

export default function Page() {
  return <SyncList />;
}

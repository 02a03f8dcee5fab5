import { RunList } from '#features/run/RunList.tsx';

export default function Page() {
  return <RunList />;
}

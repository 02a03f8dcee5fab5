import { RunRows } from '#features/run/RunRows.tsx';

export default function Page() {
  return <RunRows />;
}

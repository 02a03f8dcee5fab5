import { RunLogs } from '#features/run/RunLogs.tsx';

export default function Page() {
  return <RunLogs />;
}

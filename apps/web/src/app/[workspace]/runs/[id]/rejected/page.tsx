import { RunReasons } from '#features/run/RunReasons.tsx';

export default function Page() {
  return <RunReasons />;
}

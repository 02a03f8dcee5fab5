import { SourceList } from '#features/source/SourceList.tsx';

export default function Page() {
  return <SourceList />;
}

import { SequenceList } from '#features/sequence/SequenceList.tsx';

export default function Page() {
  return <SequenceList />;
}

import { NewSequence } from '#features/sequence/NewSequence.tsx';

export default function Page() {
  return <NewSequence />;
}

import { NewSource } from '#features/source/NewSource.tsx';

export default function Page() {
  return <NewSource />;
}

import { NewDestination } from '#features/destination/NewDestination.tsx';

export default function Page() {
  return <NewDestination />;
}

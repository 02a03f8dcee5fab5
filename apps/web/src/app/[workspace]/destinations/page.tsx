import { DestinationList } from '#features/destination/DestinationList.tsx';

export default function Page() {
  return <DestinationList />;
}

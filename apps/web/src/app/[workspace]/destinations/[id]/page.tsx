import { DestinationPage } from '#features/destination/DestinationPage.tsx';
import { numericId } from '#features/list/numeric-id.ts';

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  return <DestinationPage id={numericId((await params).id)} />;
}

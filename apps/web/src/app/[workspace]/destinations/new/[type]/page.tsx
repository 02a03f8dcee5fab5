import { NewDestinationForm } from '#features/destination/NewDestinationForm.tsx';

export default async function Page({ params }: { params: Promise<{ type: string }> }) {
  return <NewDestinationForm type={(await params).type} />;
}

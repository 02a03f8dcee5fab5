import { NewSourceForm } from '#features/source/NewSourceForm.tsx';

export default async function Page({ params }: { params: Promise<{ type: string }> }) {
  return <NewSourceForm type={(await params).type} />;
}

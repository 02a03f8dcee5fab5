import { SequenceIdInput } from '@sluice/domain/sequence';
import { notFound } from 'next/navigation';
import { SequencePage } from '#features/sequence/SequencePage.tsx';

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  if (!SequenceIdInput.safeParse({ id }).success) notFound();
  return <SequencePage id={id} />;
}

import { numericId } from '#features/list/numeric-id.ts';
import { SourcePage } from '#features/source/SourcePage.tsx';

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  return <SourcePage id={numericId((await params).id)} />;
}

import { numericId } from '#features/list/numeric-id.ts';
import { ModelPage } from '#features/model/ModelPage.tsx';

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  return <ModelPage id={numericId((await params).id)} />;
}

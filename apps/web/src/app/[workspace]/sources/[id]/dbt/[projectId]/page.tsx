import { DbtProjectPage } from '#features/dbt/DbtProjectPage.tsx';
import { numericId } from '#features/list/numeric-id.ts';

export default async function Page({ params }: { params: Promise<{ projectId: string }> }) {
  return <DbtProjectPage id={numericId((await params).projectId)} />;
}

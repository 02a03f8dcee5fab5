import { ModelList } from '#features/model/ModelList.tsx';

export default function Page() {
  return <ModelList />;
}

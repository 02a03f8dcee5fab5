import { NewModel } from '#features/model/NewModel.tsx';

export default function Page() {
  return <NewModel />;
}

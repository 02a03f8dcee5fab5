import { ApiReference } from '#features/api-reference/ApiReference.tsx';

export default function Page() {
  return <ApiReference />;
}

import { TokensPage } from '#features/settings/TokensPage.tsx';

export default function Page() {
  return <TokensPage />;
}

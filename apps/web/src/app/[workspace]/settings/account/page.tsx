import { AccountPage } from '#features/settings/AccountPage.tsx';

export default function Page() {
  return <AccountPage />;
}

import { MembersPage } from '#features/settings/MembersPage.tsx';

export default function Page() {
  return <MembersPage />;
}

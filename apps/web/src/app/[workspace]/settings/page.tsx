import { GeneralPage } from '#features/settings/GeneralPage.tsx';

export default function Page() {
  return <GeneralPage />;
}

import { AuditPage } from '#features/settings/AuditPage.tsx';

export default function Page() {
  return <AuditPage />;
}

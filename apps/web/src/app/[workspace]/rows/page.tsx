import { RowHistoryPage } from '#features/row/RowHistoryPage.tsx';

export default function Page() {
  return <RowHistoryPage />;
}

import { WebhooksPage } from '#features/webhook/WebhooksPage.tsx';

export default function Page() {
  return <WebhooksPage />;
}

'use client';

import { Button } from '@sluice/ui/Button';
import { Callout } from '@sluice/ui/Callout';
import { CodeBlock } from '@sluice/ui/CodeBlock';
import { Dialog } from '@sluice/ui/Dialog';

const check = `const [time, ...signatures] = header.split(',');      // header: Sluice-Signature
const expected = 'v1=' + createHmac('sha256', secret)
  .update(time.slice(2) + '.' + rawBody).digest('hex');
const fresh = Math.abs(Date.now() / 1000 - Number(time.slice(2))) < 300;
const genuine = fresh && signatures.includes(expected);`;

/** The secret of an endpoint, shown once, and how a receiver checks with it. */
export function WebhookSecret({
  secret,
  overlap = false,
  onClose,
}: {
  secret: string;
  /** Whether requests are signed by the secret before as well. */
  overlap?: boolean;
  onClose: () => void;
}) {
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title="Copy the secret now"
      width="lg"
      footer={
        <Button variant="primary" onClick={onClose}>
          I have copied it
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <Callout tone="caution" title="It is shown only this once">
          The receiver checks with it that a request comes from Sluice.
          {overlap && ' For the next 24 hours requests carry a second signature by the old secret.'}
        </Callout>
        <CodeBlock code={secret} label="Copy the secret" wrap />
        <div className="flex flex-col gap-1.5">
          <h3 className="font-medium text-ink text-sm">Check a request with Node.js</h3>
          <CodeBlock code={check} label="Copy the example" />
        </div>
      </div>
    </Dialog>
  );
}

'use client';

import type { Exchange, RequestView, ResponseView } from '@sluice/domain/sync';
import { CodeBlock } from '@sluice/ui/CodeBlock';
import { durationText } from '@sluice/ui/Time';
import { bodyText } from './value-text.ts';

/** A request and its answer, side by side where there is room. Secrets were masked before they came here. */
export function ExchangeView({ exchange }: { exchange: Exchange }) {
  return (
    <div className="grid min-w-0 gap-4 md:grid-cols-2">
      <MessageView title="Request" message={exchange.request} />
      <div className="min-w-0">
        {exchange.response ? (
          <MessageView
            title={`Response, after ${durationText(exchange.durationMs)}`}
            message={exchange.response}
          />
        ) : (
          <div className="flex flex-col gap-2">
            <h4 className="font-medium text-faint text-xs">Response</h4>
            <p className="text-muted text-sm">No answer came within {durationText(exchange.durationMs)}.</p>
          </div>
        )}
        {exchange.error && <p className="wrap-anywhere mt-2 text-critical text-sm">{exchange.error}</p>}
      </div>
    </div>
  );
}

/** One message: its summary line, headers on demand, and body. */
export function MessageView({ title, message }: { title?: string; message: RequestView | ResponseView }) {
  const headers = Object.entries(message.headers);
  return (
    <div className="flex min-w-0 flex-col gap-2">
      {title && <h4 className="font-medium text-faint text-xs">{title}</h4>}
      <p className="wrap-anywhere font-medium font-mono text-ink text-xs">{message.summary}</p>
      {headers.length > 0 && (
        <details>
          <summary className="focus-ring w-fit rounded-sm text-muted text-xs hover:text-ink">
            {headers.length} {headers.length === 1 ? 'header' : 'headers'}
          </summary>
          <dl className="mt-1.5 grid gap-x-3 gap-y-0.5 font-mono text-xs sm:grid-cols-[auto_1fr]">
            {headers.map(([name, value]) => (
              <div key={name} className="contents">
                <dt className="text-faint">{name}</dt>
                <dd className="wrap-anywhere text-ink">{value}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
      {message.body ? (
        <CodeBlock wrap code={bodyText(message.body)} />
      ) : (
        <p className="text-faint text-xs">No body.</p>
      )}
    </div>
  );
}

'use client';

import { type ChangeClass, changeClasses } from '@sluice/domain/change';
import type { DraftSync } from '@sluice/domain/sync';
import { Button } from '@sluice/ui/Button';
import { Callout } from '@sluice/ui/Callout';
import { Field } from '@sluice/ui/Field';
import { Input } from '@sluice/ui/Input';
import { Segmented } from '@sluice/ui/Segmented';
import { Sheet } from '@sluice/ui/Sheet';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ClassMark } from '#features/run/ClassMark.tsx';
import { ExchangeView } from '#features/run/ExchangeView.tsx';
import { RecordTable } from '#features/run/RecordTable.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';

/** Really sends one row, and shows the request and the answer. */
export function TestRowDialog({
  input,
  destinationName,
  onClose,
}: {
  input: DraftSync;
  destinationName: string;
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const [key, setKey] = useState('');
  const [changeClass, setChangeClass] = useState<ChangeClass>('added');
  const test = useMutation(trpc.sync.testRow.mutationOptions());
  const result = test.data;
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      width="lg"
      title="Test one row"
      description={`This is not a dry run: the row is really sent to ${destinationName}. The ledger of the sync is not touched.`}
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button
            variant="primary"
            loading={test.isPending}
            onClick={() => test.mutate({ ...input, key: key.trim() || null, class: changeClass })}
          >
            Send the row
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-5">
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Primary key" optional help="Empty takes the first row of the model.">
            {(aria) => (
              <Input
                {...aria}
                mono
                value={key}
                autoComplete="off"
                onChange={(event) => setKey(event.target.value)}
              />
            )}
          </Field>
          <div className="flex flex-col gap-1.5">
            <span className="font-medium text-ink text-sm">Send it as</span>
            <Segmented
              label="Send it as"
              value={changeClass}
              onChange={setChangeClass}
              options={changeClasses.map((name) => ({ value: name, label: <ClassMark name={name} /> }))}
            />
          </div>
        </div>
        {test.error != null && <ErrorCallout error={test.error} title="The row was not sent." />}
        {result && (
          <>
            <Callout
              tone={
                result.outcome === 'delivered'
                  ? 'positive'
                  : result.outcome === 'rejected'
                    ? 'critical'
                    : 'caution'
              }
              title={
                result.outcome === 'delivered'
                  ? 'Delivered: the destination confirmed the row.'
                  : result.outcome === 'rejected'
                    ? 'Rejected'
                    : 'In doubt: the row was sent, but no clear answer came.'
              }
            >
              {result.message && <p className="wrap-anywhere">{result.message}</p>}
              {result.code && <p className="text-faint text-xs">{result.code}</p>}
            </Callout>
            <div className="grid gap-4 md:grid-cols-2">
              <div className="flex min-w-0 flex-col gap-2">
                <h3 className="font-medium text-faint text-xs">Row of the model</h3>
                <RecordTable row={result.mapped.row} label="Row of the model" />
              </div>
              {result.mapped.record && Object.keys(result.mapped.record).length > 0 && (
                <div className="flex min-w-0 flex-col gap-2">
                  <h3 className="font-medium text-faint text-xs">Record that was sent</h3>
                  <RecordTable row={result.mapped.record} label="Record that was sent" />
                </div>
              )}
            </div>
            {result.exchanges.map((exchange) => (
              <ExchangeView key={exchange.startedAt} exchange={exchange} />
            ))}
          </>
        )}
      </div>
    </Sheet>
  );
}

'use client';

import type { ConnectorView } from '@sluice/domain/connector';
import type { ConfigField } from '@sluice/domain/field';
import { Button } from '@sluice/ui/Button';
import { Field } from '@sluice/ui/Field';
import { Status } from '@sluice/ui/Status';
import { useMutation, useQuery } from '@tanstack/react-query';
import { CircleCheck, CircleX, ExternalLink } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';

/**
 * "Connect with …": opens the vendor in a tab, and waits until the person has come back. The value is the number of the
 * grant; its tokens never reach the browser.
 */
export function GrantField({
  field,
  connector,
  value,
  error,
  onChange,
}: {
  field: ConfigField;
  connector: ConnectorView;
  value: unknown;
  error: string | undefined;
  onChange: (value: unknown) => void;
}) {
  const trpc = useTRPC();
  const [begun, setBegun] = useState<{ id: number; url: string } | null>(null);
  const start = useMutation(trpc.grant.start.mutationOptions());
  const id = begun?.id ?? (typeof value === 'number' ? value : null);
  const grant = useQuery({
    ...trpc.grant.get.queryOptions({ id: id ?? 0 }),
    enabled: id !== null,
    // The person is at the vendor, in another tab.
    refetchInterval: ({ state }) => (state.data?.status === 'pending' ? 1500 : false),
  });
  const arrived = begun !== null && grant.data?.id === begun.id && grant.data.status === 'active';
  useEffect(() => {
    if (arrived && begun && value !== begun.id) onChange(begun.id);
  }, [arrived, begun, value, onChange]);

  const name = connector.oauth?.name ?? connector.name;
  const begin = () => {
    // Opened by the click itself: browsers stop a tab that is opened later.
    const tab = window.open('about:blank', '_blank');
    start.mutate(
      { connector: connector.slug },
      {
        onSuccess: (next) => {
          setBegun(next);
          if (tab) tab.location.href = next.url;
        },
        onError: () => tab?.close(),
      },
    );
  };
  const waiting = begun !== null && !arrived && grant.data?.status !== 'revoked';
  // In sight as well: a touch screen shows no tooltip.
  const unready =
    connector.oauth?.configured === false
      ? `The operator of this installation has to register an app at ${name} first (OAUTH_CLIENTS).`
      : null;
  const words = value === undefined || value === '' ? `Connect with ${name}` : 'Connect again';
  return (
    <Field label={field.label} help={field.help} error={waiting ? null : error} required={field.required}>
      {({ id: control, 'aria-describedby': describedBy, 'aria-invalid': invalid }) => (
        <div className="flex flex-col items-start gap-2.5">
          {!waiting && grant.data?.status === 'active' && (
            <Status
              tone="positive"
              icon={<CircleCheck />}
              label={`Connected by ${grant.data.createdBy}`}
              description="Sluice keeps the access, and renews it."
            />
          )}
          {!waiting && grant.data?.status === 'revoked' && (
            <Status
              tone="critical"
              icon={<CircleX />}
              label={`${name} takes this access no more`}
              description="Connect again."
            />
          )}
          <Button
            id={control}
            // A button has no other ARIA of a field, and is called by what it does.
            aria-label={words}
            aria-describedby={describedBy}
            data-invalid={invalid}
            onClick={begin}
            loading={start.isPending}
            disabledReason={unready}
          >
            <ExternalLink />
            {words}
          </Button>
          {unready && <p className="text-muted text-sm">{unready}</p>}
          {waiting && begun && (
            <p aria-live="polite" className="text-muted text-sm">
              Waiting for you to come back from {name}.{' '}
              <a
                className="focus-ring text-accent underline"
                href={begun.url}
                target="_blank"
                rel="noreferrer"
              >
                Open {name}
              </a>
            </p>
          )}
          {start.error && <ErrorCallout error={start.error} />}
        </div>
      )}
    </Field>
  );
}

'use client';

import { Combobox } from '@sluice/ui/Combobox';
import { Field } from '@sluice/ui/Field';
import { TextLink } from '@sluice/ui/TextLink';
import { useQuery } from '@tanstack/react-query';
import { connectorName } from '#features/connector/ConnectionList.tsx';
import { ConnectorIcon } from '#features/connector/ConnectorIcon.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';

/** Chooses a source, or leads to connecting one. */
export function SourcePicker({
  value,
  onChange,
  error,
}: {
  value: number | null;
  onChange: (id: number) => void;
  error: string | undefined;
}) {
  const trpc = useTRPC();
  const { paths } = useWorkspace();
  const sources = useQuery(trpc.source.list.queryOptions());
  const connectors = useQuery(trpc.connector.sources.queryOptions());
  return (
    <Field label="Source" required error={error}>
      {(aria) => (
        <Combobox
          {...aria}
          value={value === null ? '' : String(value)}
          placeholder="Choose a source…"
          onChange={(id) => onChange(Number(id))}
          options={(sources.data ?? []).map((source) => ({
            value: String(source.id),
            label: source.name,
            detail: connectorName(connectors.data, source.type),
            icon: (
              <ConnectorIcon
                size="sm"
                icon={connectors.data?.find((connector) => connector.slug === source.type)?.icon}
              />
            ),
          }))}
          footer={<TextLink href={paths.sources.new}>Connect another source</TextLink>}
        />
      )}
    </Field>
  );
}

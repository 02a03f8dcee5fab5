import type { ConnectorView } from '@sluice/domain/connector';
import { ConnectorIcon } from './ConnectorIcon.tsx';

/** A connection's icon and name in one line, as lists and headers show it. */
export function ConnectionName({
  connectors,
  type,
  name,
}: {
  connectors: readonly ConnectorView[] | undefined;
  type: string;
  name: string;
}) {
  return (
    <span className="inline-flex min-w-0 max-w-full items-center gap-2 align-middle">
      <ConnectorIcon size="sm" icon={connectors?.find((connector) => connector.slug === type)?.icon} />
      <span className="truncate">{name}</span>
    </span>
  );
}

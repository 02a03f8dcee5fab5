'use client';

import { type ConnectorView, connectorCategories } from '@sluice/domain/connector';
import { Button } from '@sluice/ui/Button';
import { Link } from '@sluice/ui/Link';
import { SearchInput } from '@sluice/ui/SearchInput';
import { Skeleton } from '@sluice/ui/Skeleton';
import { useQueryState } from 'nuqs';
import { CategoryFilter } from './CategoryFilter.tsx';
import { ConnectorIcon } from './ConnectorIcon.tsx';
import { catalogueGroups } from './catalogue.ts';

/** Everything that can be connected, by category, searchable; each card goes to its form. */
export function ConnectorCatalogue({
  connectors,
  noun,
  hrefOf,
}: {
  /** `undefined` while they load. */
  connectors: readonly ConnectorView[] | undefined;
  noun: 'source' | 'destination';
  hrefOf: (type: string) => string;
}) {
  const [search, setSearch] = useQueryState('q', { defaultValue: '' });
  const [chosen, setChosen] = useQueryState('category');
  const all = catalogueGroups(connectors ?? [], '');
  const category = all.find((group) => group.category === chosen)?.category ?? null;
  const found = catalogueGroups(connectors ?? [], search);
  const groups = category === null ? found : found.filter((group) => group.category === category);
  return (
    <div className="flex flex-col gap-6">
      <SearchInput
        label={`Search ${noun}s`}
        value={search}
        onChange={(text) => void setSearch(text || null)}
      />
      {all.length > 1 && (
        <CategoryFilter
          counts={new Map(all.map((group) => [group.category, group.connectors.length]))}
          value={category}
          onChange={(next) => void setChosen(next)}
        />
      )}
      {connectors === undefined && <CatalogueSkeleton />}
      {connectors !== undefined && groups.length === 0 && (
        <div className="flex flex-col items-start gap-3 text-muted text-sm">
          <p>
            No {noun} {category && `of the category ${connectorCategories[category]} `}matches “{search}”.
          </p>
          <Button
            size="sm"
            onClick={() => {
              void setSearch(null);
              void setChosen(null);
            }}
          >
            Show all
          </Button>
        </div>
      )}
      {groups.map((group) => (
        <section key={group.title} className="flex flex-col gap-2.5">
          <h2 className="font-medium text-faint text-xs">{group.title}</h2>
          <ul className="grid gap-2.5 sm:grid-cols-2 lg:grid-cols-3">
            {group.connectors.map((connector) => (
              <li key={connector.slug}>
                <Link
                  href={hrefOf(connector.slug)}
                  className="focus-ring flex h-full items-start gap-3 rounded-lg border bg-surface p-3.5 shadow-raised transition-colors hover:border-line-strong hover:bg-hover"
                >
                  <ConnectorIcon icon={connector.icon} size="lg" />
                  <span className="min-w-0">
                    <span className="block font-medium text-ink text-sm">{connector.name}</span>
                    <span className="block text-pretty text-muted text-xs">{connector.description}</span>
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function CatalogueSkeleton() {
  return (
    <div aria-busy="true" className="grid gap-2.5 sm:grid-cols-2 lg:grid-cols-3">
      {[0, 1, 2].map((card) => (
        <Skeleton key={card} className="h-20 w-full" />
      ))}
    </div>
  );
}

'use client';

import { type LogLevel, logLevels, type RunEvent } from '@sluice/domain/run';
import { Button } from '@sluice/ui/Button';
import { SearchInput } from '@sluice/ui/SearchInput';
import { Segmented } from '@sluice/ui/Segmented';
import { Toolbar } from '@sluice/ui/Toolbar';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, CircleAlert, Info, TriangleAlert } from 'lucide-react';
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useFollowedRun } from './RunContext.tsx';
import { filterEvents } from './run-log.ts';
import { isRunning, stageWords } from './run-status.ts';

const icons: Record<LogLevel, { icon: typeof Info; color: string }> = {
  info: { icon: Info, color: 'text-faint' },
  warning: { icon: TriangleAlert, color: 'text-caution' },
  error: { icon: CircleAlert, color: 'text-critical' },
};

/** The log as it is written. Follows the newest line until you scroll up; going down again resumes it. */
export function RunLogs() {
  const { run, events } = useFollowedRun();
  const [filter, setFilter] = useQueryStates({
    level: parseAsStringLiteral(['all', ...logLevels.slice(1)] as const).withDefault('all'),
    text: parseAsString.withDefault(''),
  });
  const [following, setFollowing] = useState(true);
  const box = useRef<HTMLDivElement>(null);
  const lines = useMemo(
    () => filterEvents(events, { level: filter.level, text: filter.text }),
    [events, filter.level, filter.text],
  );
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => 26,
    getItemKey: (index) => lines[index]?.id ?? index,
    overscan: 20,
  });
  const newest = lines.at(-1)?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls when a line arrives, not when the virtualizer changes
  useEffect(() => {
    if (following && lines.length > 0) virtual.scrollToIndex(lines.length - 1, { align: 'end' });
  }, [newest, following]);
  if (!run) return null;
  const onScroll = () => {
    const element = box.current;
    if (!element) return;
    setFollowing(element.scrollHeight - element.scrollTop - element.clientHeight < 40);
  };
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <Toolbar>
        <Segmented
          label="Lowest level"
          value={filter.level}
          onChange={(level) => void setFilter({ level })}
          options={[
            { value: 'all', label: 'All' },
            { value: 'warning', label: 'Warnings' },
            { value: 'error', label: 'Errors' },
          ]}
        />
        <SearchInput
          label="Search the log"
          value={filter.text}
          onChange={(text) => void setFilter({ text: text || null })}
        />
      </Toolbar>
      <div className="relative min-w-0 rounded-lg border bg-surface shadow-raised">
        <div
          ref={box}
          onScroll={onScroll}
          role="log"
          aria-label="Log of the run"
          aria-live="off"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard (WCAG 2.1.1)
          tabIndex={0}
          className="focus-ring h-96 overflow-y-auto rounded-lg py-1"
        >
          {lines.length === 0 && (
            <p className="px-4 py-8 text-center text-muted text-sm">
              {events.length > 0
                ? 'No line matches the filter.'
                : isRunning(run.status)
                  ? 'Waiting for the first line…'
                  : 'No log is kept of this run.'}
            </p>
          )}
          <div className="relative w-full" style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map((item) => {
              const event = lines[item.index];
              return event ? (
                <div
                  key={item.key}
                  ref={virtual.measureElement}
                  data-index={item.index}
                  className="absolute inset-x-0 top-0"
                  style={{ transform: `translateY(${item.start}px)` }}
                >
                  <LogLine event={event} />
                </div>
              ) : null;
            })}
          </div>
        </div>
        {!following && lines.length > 0 && (
          <div className="absolute inset-x-0 bottom-3 flex justify-center">
            <Button size="sm" onClick={() => setFollowing(true)}>
              <ArrowDown />
              {isRunning(run.status) ? 'Follow the newest line' : 'To the end'}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}

function LogLine({ event }: { event: RunEvent }) {
  const { icon: Icon, color } = icons[event.level];
  const text = (
    <>
      <time dateTime={event.at.toISOString()} className="tabular shrink-0 text-faint">
        {event.at.toLocaleTimeString('en-GB')}.{String(event.at.getMilliseconds()).padStart(3, '0')}
      </time>
      <Icon aria-label={event.level} className={`mt-0.5 size-3.5 shrink-0 ${color}`} />
      <span className="w-14 shrink-0 text-faint max-sm:hidden">{stageWords[event.stage].label}</span>
      <span className="wrap-anywhere min-w-0 flex-1 text-ink">{event.message}</span>
    </>
  );
  const look = 'flex items-start gap-2.5 px-4 py-1 font-mono text-xs hover:bg-hover';
  if (!event.details || Object.keys(event.details).length === 0) return <div className={look}>{text}</div>;
  return (
    <details>
      <summary className={`${look} list-none`}>
        {text}
        <span className="shrink-0 font-sans text-accent">Details</span>
      </summary>
      <pre className="wrap-anywhere mx-4 my-1 whitespace-pre-wrap rounded-md bg-sunken px-3 py-2 font-mono text-muted text-xs">
        {JSON.stringify(event.details, null, 2)}
      </pre>
    </details>
  );
}

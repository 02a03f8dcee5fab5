'use client';

import { intervalUnits, type Schedule } from '@sluice/domain/schedule';
import { Combobox } from '@sluice/ui/Combobox';
import { Field, FieldError } from '@sluice/ui/Field';
import { Input } from '@sluice/ui/Input';
import { RadioCards } from '@sluice/ui/RadioCards';
import { Select } from '@sluice/ui/Select';
import { SkeletonLines } from '@sluice/ui/Skeleton';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import { WeekdayFields } from './WeekdayFields.tsx';

const zones = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])].map((zone) => ({
  value: zone,
  label: zone,
}));
const hourly: Schedule = { type: 'interval', schedule: { interval: { unit: 'hour', quantity: 1 } } };

/** When the sync runs by itself: never, every so often, or by cron or weekday in a time zone; with the next five times. */
export function ScheduleFields({
  schedule,
  onChange,
  problem,
}: {
  schedule: Schedule | null;
  onChange: (schedule: Schedule | null) => void;
  problem: string | undefined;
}) {
  const [kept, setKept] = useState<Partial<Record<Schedule['type'], Schedule>>>({});
  const choose = (type: Schedule['type'] | 'manual') => {
    if (schedule) setKept((before) => ({ ...before, [schedule.type]: schedule }));
    if (type === 'manual') onChange(null);
    else if (type !== schedule?.type) onChange(kept[type] ?? first(type));
  };
  return (
    <div className="flex flex-col gap-5">
      <RadioCards
        label="Schedule"
        columns={2}
        value={schedule?.type ?? 'manual'}
        onChange={choose}
        cards={[
          { value: 'manual', title: 'Manual', description: 'Only by hand or by the API.' },
          {
            value: 'interval',
            title: 'Interval',
            description: 'Every so many minutes, hours, days or weeks.',
          },
          { value: 'cron', title: 'Cron', description: 'At exact times, in a time zone.' },
          { value: 'visual', title: 'Weekdays', description: 'At times of the day on some weekdays.' },
        ]}
      />
      {schedule?.type === 'interval' && <IntervalFields schedule={schedule} onChange={onChange} />}
      {schedule?.type === 'cron' && (
        <CronFields schedule={schedule} onChange={onChange} invalid={Boolean(problem)} />
      )}
      {schedule?.type === 'visual' && (
        <div className="flex flex-col gap-4">
          <WeekdayFields schedule={schedule} onChange={onChange} />
          <ZoneField
            value={schedule.schedule.timezone}
            onChange={(timezone) => onChange({ ...schedule, schedule: { ...schedule.schedule, timezone } })}
          />
        </div>
      )}
      {problem && <FieldError>{problem}</FieldError>}
      {schedule && !problem && <NextTimes schedule={schedule} />}
    </div>
  );
}

function IntervalFields({
  schedule,
  onChange,
}: {
  schedule: Extract<Schedule, { type: 'interval' }>;
  onChange: (schedule: Schedule) => void;
}) {
  const { unit, quantity } = schedule.schedule.interval;
  const update = (interval: typeof schedule.schedule.interval) =>
    onChange({ type: 'interval', schedule: { interval } });
  return (
    <div className="flex max-w-xs items-end gap-2">
      <Field label="Every">
        {(aria) => (
          <Input
            {...aria}
            type="number"
            min={1}
            max={1000}
            value={Number.isFinite(quantity) ? quantity : ''}
            onChange={(event) => update({ unit, quantity: event.target.valueAsNumber })}
          />
        )}
      </Field>
      <Field label="Unit">
        {({ id, 'aria-describedby': describedBy }) => (
          <Select
            id={id}
            aria-describedby={describedBy}
            value={unit}
            onChange={(next) => update({ unit: next, quantity })}
            options={intervalUnits.map((value) => ({ value, label: `${value}s` }))}
          />
        )}
      </Field>
    </div>
  );
}

function CronFields({
  schedule,
  onChange,
  invalid,
}: {
  schedule: Extract<Schedule, { type: 'cron' }>;
  onChange: (schedule: Schedule) => void;
  invalid: boolean;
}) {
  const { expression, timezone } = schedule.schedule;
  const update = (part: Partial<typeof schedule.schedule>) =>
    onChange({ type: 'cron', schedule: { expression, timezone, ...part } });
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field
        label="Cron expression"
        required
        help="Minute, hour, day of month, month, day of week. “0 6 * * 1-5” is 06:00 from Monday to Friday."
      >
        {(aria) => (
          <Input
            {...aria}
            aria-invalid={invalid || undefined}
            mono
            autoComplete="off"
            value={expression}
            onChange={(event) => update({ expression: event.target.value })}
          />
        )}
      </Field>
      <ZoneField value={timezone} onChange={(zone) => update({ timezone: zone })} />
    </div>
  );
}

function ZoneField({ value, onChange }: { value: string; onChange: (zone: string) => void }) {
  return (
    <Field
      label="Time zone"
      required
      help="Daylight saving is followed: a skipped time runs once, a repeated one once."
    >
      {(aria) => (
        <Combobox
          {...aria}
          value={value}
          options={zones}
          onChange={onChange}
          searchPlaceholder="Search zones…"
        />
      )}
    </Field>
  );
}

function NextTimes({ schedule }: { schedule: Schedule }) {
  const trpc = useTRPC();
  const next = useQuery({
    ...trpc.schedule.preview.queryOptions({ schedule }),
    placeholderData: (before) => before,
  });
  const zone = schedule.type === 'interval' ? undefined : schedule.schedule.timezone;
  const format = new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: zone,
    timeZoneName: 'short',
  });
  return (
    <div className="flex flex-col gap-2">
      <h3 className="font-medium text-ink text-sm">The next five times</h3>
      {next.error != null && <ErrorCallout error={next.error} />}
      {next.isPending && <SkeletonLines lines={5} />}
      {next.data && (
        <ol className="tabular flex flex-col gap-1 text-muted text-sm">
          {next.data.times.map((time) => (
            <li key={time.getTime()}>{format.format(time)}</li>
          ))}
        </ol>
      )}
    </div>
  );
}

/** What a kind of schedule starts with: hourly, or at 06:00 in the person's own zone. */
function first(type: Schedule['type']): Schedule {
  const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
  if (type === 'interval') return hourly;
  if (type === 'cron') return { type, schedule: { expression: '0 6 * * *', timezone } };
  const days = { monday: true, tuesday: true, wednesday: true, thursday: true, friday: true };
  return { type, schedule: { expressions: [{ days, time: '06:00' }], timezone } };
}

'use client';

import { type Schedule, type Weekday, weekdays } from '@sluice/domain/schedule';
import { Button, IconButton } from '@sluice/ui/Button';
import { Field } from '@sluice/ui/Field';
import { Input } from '@sluice/ui/Input';
import { Plus, Trash2 } from 'lucide-react';

type Visual = Extract<Schedule, { type: 'visual' }>;
type Expression = Visual['schedule']['expressions'][number];

const mondayFirst = [...weekdays.slice(1), ...weekdays.slice(0, 1)];

/** Times of the day, each on some weekdays. */
export function WeekdayFields({
  schedule,
  onChange,
}: {
  schedule: Visual;
  onChange: (schedule: Schedule) => void;
}) {
  const { expressions } = schedule.schedule;
  const update = (next: Expression[]) =>
    onChange({ type: 'visual', schedule: { ...schedule.schedule, expressions: next } });
  const change = (index: number, part: Partial<Expression>) =>
    update(expressions.map((expression, at) => (at === index ? { ...expression, ...part } : expression)));
  return (
    <div className="flex flex-col gap-3">
      {expressions.map((expression, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: times have no identity of their own, and order is kept
        <div key={index} className="flex flex-wrap items-end gap-3">
          <div className="w-28">
            <Field label="Time">
              {(aria) => (
                <Input
                  {...aria}
                  type="time"
                  value={expression.time}
                  onChange={(event) => change(index, { time: event.target.value })}
                />
              )}
            </Field>
          </div>
          <fieldset className="flex flex-wrap gap-1">
            <legend className="sr-only">Days of the time {expression.time}</legend>
            {mondayFirst.map((day) => (
              <DayToggle
                key={day}
                day={day}
                on={expression.days[day] === true}
                onChange={(on) => change(index, { days: { ...expression.days, [day]: on } })}
              />
            ))}
          </fieldset>
          {expressions.length > 1 && (
            <IconButton
              label={`Remove the time ${expression.time}`}
              onClick={() => update(expressions.filter((_, at) => at !== index))}
            >
              <Trash2 />
            </IconButton>
          )}
        </div>
      ))}
      <Button
        size="sm"
        className="self-start"
        onClick={() => update([...expressions, { time: '12:00', days: { ...expressions.at(-1)?.days } }])}
      >
        <Plus />
        Add a time
      </Button>
    </div>
  );
}

function DayToggle({ day, on, onChange }: { day: Weekday; on: boolean; onChange: (on: boolean) => void }) {
  const name = day.charAt(0).toUpperCase() + day.slice(1);
  return (
    <Button size="sm" variant={on ? 'primary' : 'secondary'} aria-pressed={on} onClick={() => onChange(!on)}>
      {name.slice(0, 3)}
      <span className="sr-only">{name.slice(3)}</span>
    </Button>
  );
}

'use client';

import { webhookEvents } from '@sluice/domain/webhook';
import { Checkbox } from '@sluice/ui/Checkbox';
import { FieldError } from '@sluice/ui/Field';
import { type Control, useController } from 'react-hook-form';
import type { WebhookForm } from './webhook-form.ts';
import { eventWords } from './webhook-words.ts';

/** Boxes for the events that an endpoint hears of. */
export function EventChoice({ control }: { control: Control<WebhookForm> }) {
  const { field, fieldState } = useController({ control, name: 'events' });
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1.5 font-medium text-ink text-sm">Events</legend>
      {webhookEvents.map((event) => (
        <Checkbox
          key={event}
          checked={field.value.includes(event)}
          onChange={(chosen) =>
            field.onChange(
              chosen ? [...field.value, event] : field.value.filter((other: string) => other !== event),
            )
          }
          label={eventWords[event].label}
          help={eventWords[event].help}
        />
      ))}
      {fieldState.error && <FieldError>{fieldState.error.message}</FieldError>}
    </fieldset>
  );
}

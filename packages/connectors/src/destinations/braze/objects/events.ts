import type { Row, Value } from '@sluice/domain/column';
import type { DestinationField } from '@sluice/domain/connector';
import { type ApiObject, apiField } from '../../../kit/http/api-object.ts';
import { RowRejected } from '../../../kit/http/route.ts';
import { isoTime } from '../../../kit/time-value.ts';
import { aliasLabel, aliasProblems, identifierFields, identifierOf } from '../identifier.ts';
import { trackLimits } from '../limits.ts';
import { trackRoute } from '../track-route.ts';

const time = apiField('time', 'Time', 'datetime', { required: true, nativeType: 'ISO 8601' });

/** Custom events. https://www.braze.com/docs/api/objects_filters/event_object/ (2026-11) */
export const events = trackObject({
  id: 'events',
  label: 'Events',
  kind: 'events',
  fields: [
    apiField('name', 'Event name', 'string', { required: true }),
    time,
    apiField('app_id', 'App ID', 'string'),
  ],
  required: ['name'],
});

/** Purchases. https://www.braze.com/docs/api/objects_filters/purchase_object/ (2026-11) */
export const purchases = trackObject({
  id: 'purchases',
  label: 'Purchases',
  kind: 'purchases',
  fields: [
    apiField('product_id', 'Product ID', 'string', { required: true }),
    apiField('currency', 'Currency', 'string', { required: true, nativeType: 'ISO 4217' }),
    apiField('price', 'Price', 'number', { required: true }),
    apiField('quantity', 'Quantity', 'number'),
    time,
    apiField('app_id', 'App ID', 'string'),
  ],
  required: ['product_id', 'currency', 'price'],
});

/** An object of `/users/track` that happens at a time; what has no field of its own becomes a property. */
function trackObject(parts: {
  readonly id: string;
  readonly label: string;
  readonly kind: 'events' | 'purchases';
  readonly fields: readonly DestinationField[];
  readonly required: readonly string[];
}): ApiObject {
  const own = parts.fields.map(({ name }) => name);
  return {
    id: parts.id,
    label: parts.label,
    modes: ['event'],
    openFields: true,
    describe: () =>
      Promise.resolve({ fields: [...identifierFields, ...parts.fields], options: [aliasLabel] }),
    validate: aliasProblems,
    limits: trackLimits,
    routes({ sync }) {
      const route = trackRoute(parts.kind, ({ fields, matchValue }) => {
        for (const name of parts.required) {
          if (isEmpty(fields[name])) throw new RowRejected('field_missing', `The row has no ${name}.`);
        }
        const at = isoTime(fields.time ?? null);
        if (at === null)
          throw new RowRejected('time_invalid', `"${String(fields.time).slice(0, 60)}" is not a time.`);
        const [known, properties] = [pick(fields, own), leaveOut(fields, own)];
        return {
          ...known,
          time: at,
          ...(Object.keys(properties).length > 0 && { properties }),
          ...identifierOf(sync, matchValue),
        };
      });
      return () => route;
    },
  };
}

const isEmpty = (value: Value | undefined): boolean => value === undefined || value === null || value === '';

const pick = (row: Row, names: readonly string[]): Row =>
  Object.fromEntries(Object.entries(row).filter(([name, value]) => names.includes(name) && value !== null));

const leaveOut = (row: Row, names: readonly string[]): Row =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));

import type { ChangeClass } from '@sluice/domain/change';
import type { Value } from '@sluice/domain/column';
import { SluiceError } from '@sluice/domain/error';
import type { SyncConfiguration } from '@sluice/domain/sync';
import type { ConnectContext } from '../../kit/context.ts';
import type { BatchResult, DestinationRecord, DestinationWriter } from '../../kit/destination.ts';
import type { JsonRows, Payload } from '../../kit/payload.ts';
import type { HttpRequestConfiguration } from './configuration.ts';
import { deliver, deliverPayload } from './deliver.ts';
import { findOptionProblems, HttpRequestOptions } from './options.ts';
import { createRecorder } from './record-exchange.ts';
import { compileEnvelope, compileRequest, type Rendering } from './render-request.ts';

/** What `{"rows": […]}` is around its rows. */
const jsonRows: JsonRows = { kind: 'json', before: '{"rows":[', between: ',', after: ']}' };

/** Compiles a sync's requests. Throws `input_invalid` for wrong options and `template_invalid` for wrong templates. */
export function createWriter(
  context: ConnectContext,
  destination: HttpRequestConfiguration,
  configuration: SyncConfiguration,
  variables: Readonly<Record<string, Value>>,
): DestinationWriter {
  const problems = findOptionProblems(configuration.options, configuration.triggers);
  const [first] = Object.entries(problems);
  if (first) {
    const fields = Object.fromEntries(
      Object.entries(problems).map(([path, message]) => [`configuration.options.${path}`, message]),
    );
    throw new SluiceError('input_invalid', `${first[0]}: ${first[1]}`, { fields });
  }
  const options = HttpRequestOptions.parse(configuration.options);
  const batch = options.batchSize > 1;
  const renderers = new Map(
    configuration.triggers.flatMap((name) => {
      const template = options[name];
      return template ? [[name, compileRequest(template, destination, batch, variables)] as const] : [];
    }),
  );
  const render = (records: readonly DestinationRecord[]): Rendering => {
    const name = records[0]?.class as ChangeClass;
    const renderer = renderers.get(name);
    if (!renderer) throw new SluiceError('connector_defect', `No request is configured for ${name} rows.`);
    return renderer(records);
  };
  const envelopes = new Map(
    configuration.triggers.flatMap((name) => {
      const template = options[name];
      // Answers about single rows need the rows.
      const envelope =
        template && batch && !options.rowResults && compileEnvelope(template, destination, variables);
      return envelope ? [[name, envelope] as const] : [];
    }),
  );
  const wrap = ({ class: name, bytes }: Payload): Rendering => {
    const envelope = envelopes.get(name);
    if (!envelope) throw new SluiceError('connector_defect', `No request takes ${name} rows as text.`);
    return envelope(name, bytes);
  };
  const recorder = createRecorder(destination);
  const parts = { context, options, recorder, render, wrap };

  // Wrong credentials shall cost one request, not one for each that may be open at once: the first goes alone.
  let probe: Promise<unknown> | null = null;
  let refused: SluiceError | null = null;
  const careful = async <Outcome>(send: () => Promise<Outcome>): Promise<Outcome> => {
    if (probe) await probe;
    if (refused) throw refused;
    const sending = send();
    probe ??= sending.catch(() => undefined);
    try {
      return await sending;
    } catch (thrown) {
      if (thrown instanceof SluiceError) refused = thrown;
      throw thrown;
    }
  };

  return {
    limits: {
      batchRowsMax: options.batchSize,
      concurrency: options.concurrency,
      sharedConcurrency: options.concurrency,
      requests:
        options.requestsPerSecond === null ? [] : [{ count: options.requestsPerSecond, perMs: 1_000 }],
    },
    mixedBatches: false,
    deliver: async (records, delivery): Promise<BatchResult> =>
      records.length === 0
        ? { results: [], exchanges: [] }
        : careful(() => deliver(parts, records, delivery)),
    payloads: {
      format: (name) => (envelopes.has(name) ? { rowsMax: options.batchSize, rows: jsonRows } : null),
      deliver: (payload, delivery) => careful(() => deliverPayload(parts, payload, delivery)),
    },
    async preview(records) {
      const rendering = records.length === 0 ? null : render(records);
      if (!rendering) return [];
      if ('problem' in rendering) throw new SluiceError('template_invalid', rendering.problem.message);
      return [recorder.view(rendering.request)];
    },
    close: () => Promise.resolve(),
  };
}

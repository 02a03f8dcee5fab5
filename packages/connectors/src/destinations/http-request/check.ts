import type { CheckResult } from '@sluice/domain/connector';
import { SluiceError, toSluiceError } from '@sluice/domain/error';
import { abortError } from '../../kit/aborted.ts';
import type { ConnectContext, EgressResponse } from '../../kit/context.ts';
import { EgressFailure } from '../../kit/egress-failure.ts';
import type { Configuration } from '../../kit/source.ts';
import { type HttpRequestConfiguration, readConfiguration } from './configuration.ts';
import { createRecorder } from './record-exchange.ts';
import { refusalWords } from './refusal-words.ts';

export const checks = [
  { name: 'address', label: 'Find the server' },
  { name: 'reach', label: 'Connect and get an answer' },
  { name: 'answer', label: 'Ask the base URL' },
] as const;

/**
 * Checks a destination step by step. Any answer proves that the server can be reached; what it says to a GET of the
 * base URL is shown, and 401 or 403 is a warning, because many APIs answer so outside their endpoints.
 */
export async function* check(
  configuration: Configuration,
  context: ConnectContext,
): AsyncIterable<CheckResult> {
  let destination: HttpRequestConfiguration | null = null;
  let answer: EgressResponse | null = null;
  const steps: Record<(typeof checks)[number]['name'], () => Promise<Finding>> = {
    address: async () => {
      destination = readConfiguration(configuration);
      const { baseUrl } = destination;
      const port = Number(baseUrl.port || (baseUrl.protocol === 'https:' ? 443 : 80));
      await context.egress.resolve(baseUrl.hostname, port);
      return { status: 'passed', message: `${baseUrl.host} is known and allowed.`, fix: null };
    },
    reach: async () => {
      answer = await get(destination ?? readConfiguration(configuration), context);
      const secured = destination?.baseUrl.protocol === 'https:';
      return {
        status: 'passed',
        message: secured
          ? 'The server answers; its certificate is valid.'
          : 'The server answers, unencrypted.',
        fix: null,
      };
    },
    answer: async () => judge(answer, destination ?? readConfiguration(configuration)),
  };
  let failed = false;
  for (const { name, label } of checks) {
    if (failed) {
      yield { name, label, status: 'skipped', durationMs: 0, message: null, fix: null };
      continue;
    }
    const started = performance.now();
    let finding: Finding;
    try {
      finding = await steps[name]();
    } catch (thrown) {
      if (context.signal.aborted) throw abortError(context.signal);
      finding = failure(thrown);
    }
    failed = finding.status === 'failed';
    yield { name, label, durationMs: Math.round(performance.now() - started), ...finding };
  }
}

type Finding = Pick<CheckResult, 'status' | 'message' | 'fix'>;

function get(
  { baseUrl, headers }: HttpRequestConfiguration,
  context: ConnectContext,
): Promise<EgressResponse> {
  return context.egress.request({
    method: 'GET',
    url: baseUrl.href,
    headers: {
      'User-Agent': 'Sluice',
      Accept: 'application/json, */*;q=0.5',
      ...Object.fromEntries(headers.map(({ name, value }) => [name, value])),
    },
    timeoutMs: context.timeouts.requestMs,
    bodyBytesMax: 64 * 1024,
    signal: context.signal,
  });
}

function judge(answer: EgressResponse | null, destination: HttpRequestConfiguration): Finding {
  if (!answer) return { status: 'failed', message: 'No answer came.', fix: null };
  const { status, body, headers } = answer;
  const words = createRecorder(destination).redact(refusalWords(body)).slice(0, 200);
  const said = `GET ${destination.baseUrl.href} answers ${status}${words && status >= 400 ? `: ${words}` : ''}.`;
  if (status === 401 || status === 403) {
    return {
      status: 'warning',
      message: said,
      fix: 'Check the Authorization header, unless the API answers so outside its endpoints. Test one row in a sync to be sure.',
    };
  }
  if (status >= 300 && status < 400) {
    return {
      status: 'warning',
      message: `${said} It redirects${headers.location ? ` to ${headers.location.slice(0, 200)}` : ''}.`,
      fix: 'Sluice does not follow redirects: use the final address as base URL.',
    };
  }
  return { status: 'passed', message: said, fix: null };
}

function failure(thrown: unknown): Finding {
  if (thrown instanceof EgressFailure) {
    const fix: Record<string, string> = {
      dns: 'Check the spelling of the host; it must be known to public name servers or to this machine.',
      tls: 'Install a valid certificate for this host on the server.',
    };
    return {
      status: 'failed',
      message: thrown.message,
      fix: fix[thrown.stage] ?? 'Check host and port, and that the firewall of the server lets Sluice in.',
    };
  }
  const error = thrown instanceof SluiceError ? thrown : toSluiceError(thrown);
  return { status: 'failed', message: error.message, fix: error.fix };
}

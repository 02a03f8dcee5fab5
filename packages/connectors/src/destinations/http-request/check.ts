import type { CheckResult } from '@sluice/domain/connector';
import { SluiceError } from '@sluice/domain/error';
import { type CheckFinding, type CheckNames, runChecks } from '../../kit/checks.ts';
import type { ConnectContext, EgressResponse } from '../../kit/context.ts';
import { EgressFailure } from '../../kit/egress-failure.ts';
import { refusalWords } from '../../kit/http/refusal-words.ts';
import type { Configuration } from '../../kit/source.ts';
import { type HttpRequestConfiguration, readConfiguration } from './configuration.ts';
import { createRecorder } from './record-exchange.ts';

export const checks: CheckNames = [
  { name: 'address', label: 'Find the server' },
  { name: 'reach', label: 'Connect and get an answer' },
  { name: 'answer', label: 'Ask the base URL' },
];

/**
 * Checks a destination step by step. Any answer proves that the server can be reached; what it says to a GET of the
 * base URL is shown, and 401 or 403 is a warning, because many APIs answer so outside their endpoints.
 */
export function check(configuration: Configuration, context: ConnectContext): AsyncIterable<CheckResult> {
  const destination = () => readConfiguration(configuration);
  let answer: EgressResponse | null = null;
  const steps = {
    address: async (): Promise<CheckFinding> => {
      const { baseUrl } = destination();
      const port = Number(baseUrl.port || (baseUrl.protocol === 'https:' ? 443 : 80));
      await context.egress.resolve(baseUrl.hostname, port).catch(explain);
      return { status: 'passed', message: `${baseUrl.host} is known and allowed.` };
    },
    reach: async (): Promise<CheckFinding> => {
      answer = await get(destination(), context).catch(explain);
      const secured = destination().baseUrl.protocol === 'https:';
      return {
        status: 'passed',
        message: secured
          ? 'The server answers; its certificate is valid.'
          : 'The server answers, unencrypted.',
      };
    },
    answer: async (): Promise<CheckFinding> => judge(answer, destination()),
  };
  return runChecks(checks, steps, context.signal);
}

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

function judge(answer: EgressResponse | null, destination: HttpRequestConfiguration): CheckFinding {
  if (!answer) throw new SluiceError('destination_unreachable', 'No answer came.');
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
  return { status: 'passed', message: said };
}

/** What broke, as an error that says what to do. */
function explain(thrown: unknown): never {
  if (!(thrown instanceof EgressFailure)) throw thrown;
  const options = { cause: thrown };
  if (thrown.stage === 'tls') throw new SluiceError('destination_tls', thrown.message, options);
  if (thrown.stage === 'dns') {
    throw new SluiceError('destination_unreachable', thrown.message, {
      ...options,
      fix: 'Check the spelling of the host; it must be known to public name servers or to this machine.',
    });
  }
  throw new SluiceError('destination_unreachable', thrown.message, {
    ...options,
    fix: 'Check host and port, that the server runs, and that its firewall lets Sluice in.',
  });
}

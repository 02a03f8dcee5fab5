import type { ManifestReport } from '@sluice/domain/dbt-project';
import { manifestBytesMax } from '@sluice/domain/dbt-project';
import { SluiceError } from '@sluice/domain/error';

/** Sends a file to its address. Throws the error that the server named. */
export async function sendManifest(address: string, file: File): Promise<ManifestReport> {
  if (file.size > manifestBytesMax)
    throw new SluiceError('payload_too_large', 'The file is larger than 64 MB.', {
      fix: 'Choose target/manifest.json of the dbt project.',
    });
  const response = await fetch(address, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: file,
  });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok && answer !== null) return answer as ManifestReport;
  throw refusal(answer);
}

function refusal(answer: unknown): SluiceError {
  if (
    typeof answer === 'object' &&
    answer !== null &&
    'message' in answer &&
    'fix' in answer &&
    'code' in answer
  )
    return new SluiceError(answer.code as SluiceError['code'], String(answer.message), {
      fix: String(answer.fix),
    });
  return new SluiceError('internal', 'The file could not be sent.', {
    fix: 'Check your connection and that the proxy before Sluice lets 64 MB through, and try again.',
  });
}

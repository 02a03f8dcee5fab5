import type { CheckResult } from '@sluice/domain/connector';
import { type CheckNames, runChecks } from '../../kit/checks.ts';
import type { ConnectContext } from '../../kit/context.ts';
import { loadS3, openS3 } from './client.ts';
import type { S3Settings } from './configuration.ts';
import { s3Error } from './error.ts';

export const s3CheckNames: CheckNames = [
  { name: 'write', label: 'Sign in and put a file' },
  { name: 'remove', label: 'Remove it again' },
];

/** Yields the results of `s3CheckNames` in order. */
export function checkS3(settings: S3Settings, context: ConnectContext): AsyncGenerator<CheckResult> {
  const { bucket, prefix } = settings;
  const target = { Bucket: bucket, Key: `${prefix}.sluice-connection-test` };
  const open = () =>
    openS3(settings, context, () => ({ timeoutMs: context.timeouts.requestMs, signal: context.signal }));
  const steps = {
    write: async () => {
      const { PutObjectCommand } = await loadS3();
      const client = await open();
      const body = Buffer.from('Sluice tried whether it may write here.\n');
      await client.send(new PutObjectCommand({ ...target, Body: body })).catch((thrown: unknown) => {
        throw s3Error(thrown, settings, 'put files');
      });
      const as = settings.role ? ` with the rights of ${settings.role.arn}` : '';
      return { status: 'passed' as const, message: `s3://${bucket}/${target.Key} was put${as}.` };
    },
    remove: async () => {
      const { DeleteObjectCommand } = await loadS3();
      const client = await open();
      const failure = await client.send(new DeleteObjectCommand(target)).then(
        () => null,
        (thrown: unknown) => s3Error(thrown, settings, 'remove files'),
      );
      if (failure === null) return { status: 'passed' as const, message: 'The file was removed again.' };
      if (failure.code !== 'destination_permission') throw failure;
      return {
        status: 'warning' as const,
        message: `Sluice may put files, but not remove them: ${target.Key} stays.`,
        fix: `Remove it, or allow s3:DeleteObject on arn:aws:s3:::${bucket}/${prefix}.sluice-connection-test. Syncs do without.`,
      };
    },
  };
  return runChecks(s3CheckNames, steps, context.signal);
}

'use client';

import type { TokenView } from '@sluice/domain/workspace';
import { Button } from '@sluice/ui/Button';
import { Dialog } from '@sluice/ui/Dialog';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { z } from 'zod';
import { SelectField } from '#form/FormFields.tsx';
import { useResourceForm } from '#form/use-resource-form.ts';
import { useTRPC } from '#trpc/client.ts';
import { ErrorViewCallout } from '#trpc/ErrorCallout.tsx';
import { expiryOptions, overlapOptions } from './new-token.ts';
import { TokenSecret } from './TokenSecret.tsx';

const RotateForm = z.object({ overlap: z.string(), expiry: z.string() });

/** Gives a token a new secret, then shows it once. */
export function RotateToken({ token }: { token: TokenView }) {
  const [open, setOpen] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const close = () => {
    setOpen(false);
    setSecret(null);
  };
  return (
    <>
      <Button size="sm" onClick={() => setOpen(true)} aria-label={`Rotate ${token.name}`}>
        Rotate
      </Button>
      {secret === null ? (
        <RotateDialog token={token} open={open} onClose={close} onRotated={setSecret} />
      ) : (
        <TokenSecret open={open} secret={secret} onClose={close} />
      )}
    </>
  );
}

function RotateDialog({
  token,
  open,
  onClose,
  onRotated,
}: {
  token: TokenView;
  open: boolean;
  onClose: () => void;
  onRotated: (secret: string) => void;
}) {
  const id = useId();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const rotate = useMutation(trpc.token.rotate.mutationOptions());
  const { form, onSubmit, submitError, submitting } = useResourceForm({
    schema: RotateForm,
    defaultValues: { overlap: '24', expiry: '90' },
    submit: async ({ overlap, expiry }) => {
      const { secret } = await rotate.mutateAsync({
        id: token.id,
        overlapHours: Number(overlap),
        expiresInDays: expiry === 'never' ? null : Number(expiry),
      });
      onRotated(secret);
      await queryClient.invalidateQueries({ queryKey: trpc.token.list.queryKey() });
    },
  });
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={`Rotate ${token.name}?`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={id} variant="primary" loading={submitting}>
            Rotate token
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
        {submitError && <ErrorViewCallout error={submitError} />}
        <p className="text-muted text-sm">
          The token gets a new secret and keeps its name, scope and syncs. The one in use now (slc_…
          {token.lastFour}) works a little longer, so that you can replace it without a gap.
        </p>
        <SelectField
          control={form.control}
          name="overlap"
          label="The old secret works for another"
          options={overlapOptions}
        />
        <SelectField
          control={form.control}
          name="expiry"
          label="The new one expires after"
          options={expiryOptions}
        />
      </form>
    </Dialog>
  );
}

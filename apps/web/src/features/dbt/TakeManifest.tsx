'use client';

import type { DbtProjectView, ManifestReport } from '@sluice/domain/dbt-project';
import { Button } from '@sluice/ui/Button';
import { Dialog } from '@sluice/ui/Dialog';
import { toast } from '@sluice/ui/Toast';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { FileUp, RefreshCw } from 'lucide-react';
import { type DragEvent, useRef, useState } from 'react';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC, useTRPCClient } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import { ManifestChanges } from './ManifestChanges.tsx';
import { sendManifest } from './send-manifest.ts';

/** Takes a manifest from a file or from the project's address. What it changes is shown first. */
export function TakeManifest({ project }: { project: DbtProjectView }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const { paths, whyNot } = useWorkspace();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [looked, setLooked] = useState<{ from: File | null; report: ManifestReport } | null>(null);
  const send = (from: File | null, apply: boolean): Promise<ManifestReport> =>
    from
      ? sendManifest(paths.dbtManifest(project.id, apply), from)
      : client.dbtProject.refresh.mutate({ id: project.id, apply });
  const look = useMutation({
    mutationFn: (from: File | null) => send(from, false),
    onSuccess: (report, from) => setLooked({ from, report }),
  });
  const take = useMutation({
    mutationFn: (from: File | null) => send(from, true),
    onSuccess: async () => {
      setLooked(null);
      toast.success({ title: `Took the manifest of ${project.name}.` });
      await Promise.all(
        [trpc.dbtProject, trpc.model, trpc.sync].map((router) =>
          queryClient.invalidateQueries({ queryKey: router.pathKey() }),
        ),
      );
    },
  });
  const disabled = whyNot('model.write');
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file && disabled === null) look.mutate(file);
  };
  return (
    <div className="flex flex-col gap-3">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping a file is a shortcut for the button inside */}
      <div
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
        className={`flex flex-wrap items-center gap-3 rounded-lg border border-dashed px-4 py-4 ${over ? 'border-accent bg-accent-soft' : 'border-line-strong'}`}
      >
        <input
          ref={input}
          type="file"
          accept=".json,application/json"
          aria-label="manifest.json"
          className="sr-only"
          tabIndex={-1}
          onChange={(event) => {
            const file = event.target.files?.[0];
            event.target.value = '';
            if (file) look.mutate(file);
          }}
        />
        {project.url !== null && (
          <Button
            variant="primary"
            loading={look.isPending && look.variables === null}
            disabledReason={disabled}
            onClick={() => look.mutate(null)}
          >
            <RefreshCw />
            Fetch the manifest
          </Button>
        )}
        <Button
          variant={project.url === null ? 'primary' : 'secondary'}
          loading={look.isPending && look.variables !== null}
          disabledReason={disabled}
          onClick={() => input.current?.click()}
        >
          <FileUp />
          Choose manifest.json
        </Button>
        <p className="min-w-0 text-muted text-sm">
          or drop it here. dbt writes it to <code className="font-mono text-xs">target/</code>. Nothing
          changes before you have seen what it does.
        </p>
      </div>
      <ErrorCallout error={look.error} title="The manifest was not read." />
      <Dialog
        open={looked !== null}
        onOpenChange={(open) => !open && setLooked(null)}
        width="lg"
        title={`Take this manifest of ${project.name}?`}
        description={
          looked &&
          `${looked.report.nodes.toLocaleString('en')} dbt models, dbt ${looked.report.dbtVersion ?? ''}`
        }
        footer={
          <>
            <Button onClick={() => setLooked(null)}>Cancel</Button>
            <Button
              variant="primary"
              loading={take.isPending}
              onClick={() => looked && take.mutate(looked.from)}
            >
              Take it
            </Button>
          </>
        }
      >
        <div className="flex flex-col gap-4">
          <ErrorCallout error={take.error} title="The manifest was not taken." />
          {looked && <ManifestChanges report={looked.report} />}
        </div>
      </Dialog>
    </div>
  );
}

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { SpooledPart } from '@sluice/connectors/kit/source';
import type { Column } from '@sluice/domain/column';
import type { Duck } from '../duck.ts';
import { columnsBefore, type StageOptions, stageFiles } from './stage-rows.ts';
import type { UsedColumns } from './used-columns.ts';

/** Stages the parts of a result that have come while the source still sends others, which leaves a core idle. */
export interface StageAhead {
  take(part: SpooledPart): void;
  /** Waits for what has begun. `null`: something failed, and all files are to be staged anew, which says what. */
  end(): Promise<StagedAhead | null>;
}

/** Files of a spool that are staged already. */
export interface StagedAhead {
  readonly files: readonly string[];
  /** What came of them. */
  readonly staged: readonly string[];
  readonly rows: number;
}

export function createStageAhead(
  duck: Duck,
  input: {
    readonly usedOf: (columns: readonly Column[]) => UsedColumns;
    readonly options: Pick<StageOptions, 'before' | 'matchColumn'>;
    readonly directory: string;
  },
): StageAhead {
  const { usedOf, options, directory } = input;
  const files: string[] = [];
  const staged: string[] = [];
  let rows = 0;
  let failed = false;
  let work = Promise.resolve();
  const stage = async ({ columns, forms, path }: SpooledPart): Promise<void> => {
    const used = usedOf(columns);
    const before = columnsBefore(columns, used, options.before);
    await mkdir(directory, { recursive: true });
    const to = join(directory, `ahead-${files.length}.parquet`);
    const shape = { before, filter: null, options };
    const part = { columns: [...columns], ...(forms && { forms }), path };
    rows += await stageFiles(duck, part, used, shape, to);
    files.push(path);
    staged.push(to);
  };
  return {
    take(part) {
      work = work.then(async () => {
        if (failed) return;
        await stage(part).catch(() => {
          failed = true;
        });
      });
    },
    async end() {
      await work;
      return failed ? null : { files, staged, rows };
    },
  };
}

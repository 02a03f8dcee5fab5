import { type ApiRun, rowsOf } from '../api/resources.ts';
import type { Terminal } from '../terminal.ts';

/** Shows a run that goes on: a bar where somebody looks, else a line per status and tenth. */
export function showProgress(terminal: Terminal): { show(run: ApiRun): void; end(): void } {
  let said = '';
  return {
    show(run) {
      if (terminal.live) {
        terminal.status(`${bar(run.completionRatio, 24)} ${describe(run)}`);
        return;
      }
      const mark = `${run.status} ${Math.floor(run.completionRatio * 10)}`;
      if (mark !== said) terminal.note(describe(run));
      said = mark;
    },
    end: () => terminal.status(null),
  };
}

/** A bar of `width` cells; `ratio` is 0 to 1. */
export function bar(ratio: number, width: number): string {
  const full = Math.round(Math.min(Math.max(ratio, 0), 1) * width);
  return `[${'#'.repeat(full)}${'-'.repeat(width - full)}]`;
}

function describe(run: ApiRun): string {
  const percent = `${Math.floor(run.completionRatio * 100)} %`.padStart(5);
  const planned = rowsOf(run.plannedRows);
  const rejected = rowsOf(run.failedRows);
  if (planned === 0) return `${percent}  ${run.status}`;
  const count = `${number(rowsOf(run.successfulRows))} of ${number(planned)} rows delivered`;
  return `${percent}  ${run.status}: ${count}${rejected > 0 ? `, ${number(rejected)} rejected` : ''}`;
}

const number = (value: number): string => value.toLocaleString('en');

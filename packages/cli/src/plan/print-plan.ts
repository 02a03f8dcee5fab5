import { type Kind, nounOf } from '../kind.ts';
import { plainLines, plainText } from '../plain-text.ts';
import type { Terminal } from '../terminal.ts';
import type { FieldChange } from './field-change.ts';
import type { Plan, PlannedChange } from './make-plan.ts';

/** What a plan would do, for people: every field of every change, and what it does to delivered rows. */
export function printPlan(terminal: Terminal, plan: Plan): void {
  for (const change of plan.changes) {
    const { mark, style } = looks[change.action];
    terminal.out(terminal.style([style, 'bold'], `${mark} ${nounOf(change.kind)} ${change.slug}`));
    for (const field of change.fields) {
      for (const line of fieldLines(field, change.action)) terminal.out(`    ${line}`);
    }
    for (const effect of change.effects) terminal.out(terminal.style('yellow', `  ! ${plainText(effect)}`));
  }
  if (plan.changes.length > 0) terminal.out('');
  terminal.out(planSummary(plan));
}

/** The plan in one line. */
export function planSummary(plan: Plan): string {
  if (plan.changes.length === 0) return `Nothing to do: ${plan.unchanged} unchanged.`;
  const count = (action: PlannedChange['action']) =>
    plan.changes.filter((change) => change.action === action).length;
  return `${count('create')} to create, ${count('update')} to change, ${count('remove')} to remove, ${plan.unchanged} unchanged.`;
}

/** The plan for programs. */
export function planJson(plan: Plan): unknown {
  return {
    changes: plan.changes.map(({ action, kind, slug, fields, effects }) => ({
      action,
      kind: kind satisfies Kind,
      slug,
      fields: fields.map(({ path, before, after }) => ({
        path,
        before: before ?? null,
        after: after ?? null,
      })),
      effects,
    })),
    unchanged: plan.unchanged,
  };
}

const looks = {
  create: { mark: '+', style: 'green' },
  update: { mark: '~', style: 'yellow' },
  remove: { mark: '-', style: 'red' },
} as const;

function fieldLines({ path, before, after }: FieldChange, action: PlannedChange['action']): string[] {
  if (isLong(before) || isLong(after)) return [`${path}:`, ...textLines(before, after)];
  if (action === 'create') return isEmpty(after) ? [] : [`${path}: ${show(after)}`];
  return [`${path}: ${show(before)} → ${show(after)}`];
}

const isLong = (value: unknown): boolean => typeof value === 'string' && value.includes('\n');
const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
  value === '' ||
  (typeof value === 'object' && Object.keys(value).length === 0);

const show = (value: unknown): string => (value === undefined ? '(none)' : plainText(JSON.stringify(value)));

/** The lines that differ, between those that begin and end alike. */
function textLines(before: unknown, after: unknown): string[] {
  const [old, now] = [before, after].map((text) => (typeof text === 'string' ? plainLines(text) : []));
  if (!old || !now) return [];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  const most = Math.min(old.length, now.length) - start;
  while (end < most && old.at(-1 - end) === now.at(-1 - end)) end += 1;
  const middle = (lines: string[]) => lines.slice(start, lines.length - end);
  return [...middle(old).map((line) => `  - ${line}`), ...middle(now).map((line) => `  + ${line}`)];
}

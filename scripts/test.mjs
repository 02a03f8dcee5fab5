// `npm test`: everything that has to hold, from a fresh clone. `npm test -- --only types,unit` runs a part of it.
// The last line is `N passed, N failed`, counted over all suites: each static check counts as one.
// Before it stand the names of the tests that failed, and of those that passed only when their file ran again, alone.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { assertNode, buildConsole, generate, install } from './prepare.mjs';
import { root, runtime, runtimeEnvironment } from './runtime.mjs';

const reports = join(root, 'node_modules', '.sluice', 'reports');
const only = process.argv.includes('--only')
  ? process.argv[process.argv.indexOf('--only') + 1]?.split(',')
  : null;
const bin = (name, file) => join(root, 'node_modules', name, file);

const suites = [
  { name: 'types', title: 'Types', run: () => check([bin('typescript', 'bin/tsc'), '-p', 'tsconfig.json']) },
  {
    name: 'lint',
    title: 'Lint, format and import rules',
    run: () => check([bin('@biomejs/biome', 'bin/biome'), 'check', '.']),
  },
  { name: 'unused', title: 'Dead code', run: () => check([bin('knip', 'bin/knip.js')]) },
  { name: 'unit', title: 'Unit and integration tests', run: () => vitest('unit') },
  {
    name: 'faults',
    title: 'Faults, in real processes (short form)',
    run: () => vitest('faults', '--config', 'faults/vitest.config.ts'),
  },
  { name: 'e2e', title: 'Journeys in a browser', prepare: buildConsole, run: journeys },
];

const total = { passed: 0, failed: 0, skipped: 0 };
/** What somebody has to look at: printed last, since the end of a log is what is read. */
const notes = [];
try {
  assertNode();
  await install();
  await generate();
} catch (error) {
  process.stderr.write(`\n${error instanceof Error ? error.message : error}\n`);
  finish({ passed: 0, failed: 1, skipped: 0 });
}
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
for (const suite of suites) {
  if (only && !only.includes(suite.name)) continue;
  process.stdout.write(`\n── ${suite.title}\n`);
  const started = Date.now();
  const counts = await runSuite(suite);
  for (const key of Object.keys(total)) total[key] += counts[key];
  const seconds = ((Date.now() - started) / 1000).toFixed(0);
  process.stdout.write(
    `   ${suite.title}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped (${seconds} s)\n`,
  );
}
finish(total);

async function runSuite(suite) {
  try {
    await suite.prepare?.();
    return await suite.run();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

/** A check that passes or fails as a whole. */
async function check(args) {
  const code = await execute(args);
  return code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

async function vitest(name, ...options) {
  const first = await runVitest(name, options);
  const files = [...new Set(first.failures.map(({ file }) => file))];
  // A file whose bound in seconds a busy machine missed passes alone; a fault fails again. More than a few are no accident.
  if (files.length === 0 || files.length > 4) return count(first);
  process.stdout.write(`\n── Again, alone: ${files.join(', ')}\n`);
  const second = await runVitest(`${name}-again`, [...options, ...files, '--no-file-parallelism']);
  const still = new Set(second.failures.map(nameOf));
  for (const failure of first.failures) {
    if (!still.has(nameOf(failure))) notes.push(`passed only when run again, alone: ${describe(failure)}`);
  }
  return count({
    passed: [...first.passed.filter(({ file }) => !files.includes(file)), ...second.passed],
    failures: second.failures,
    skipped: first.skipped,
  });
}

function count({ passed, failures, skipped }) {
  notes.push(...failures.map((failure) => `failed: ${describe(failure)}`));
  return { passed: passed.length, failed: failures.length, skipped };
}

/** What passed and what failed, by file: a file that does not load, or cannot begin, is a failure of its own. */
async function runVitest(name, options) {
  const output = join(reports, `${name}.json`);
  const code = await execute([
    bin('vitest', 'vitest.mjs'),
    'run',
    ...options,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${output}`,
  ]);
  const report = JSON.parse(readFileSync(output, 'utf8'));
  const results = report.testResults.flatMap((suite) => {
    const file = relative(root, suite.name);
    const tests = suite.assertionResults.map((test) => ({
      file,
      test: test.fullName,
      status: test.status,
      reason: test.failureMessages?.[0] ?? '',
    }));
    const broken = suite.status === 'failed' && !tests.some(({ status }) => status === 'failed');
    return broken ? [...tests, { file, test: 'the file', status: 'failed', reason: suite.message }] : tests;
  });
  const failures = results.filter(({ status }) => status === 'failed');
  if (code !== 0 && failures.length === 0) {
    failures.push({
      file: `${name} tests`,
      test: 'the run',
      status: 'failed',
      reason: `ended with code ${code}`,
    });
  }
  return {
    passed: results.filter(({ status }) => status === 'passed'),
    failures,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

function nameOf({ file, test }) {
  return `${file} › ${test}`;
}

function describe(failure) {
  return `${nameOf(failure)}: ${firstLine(failure.reason)}`;
}

function firstLine(text) {
  return text.split('\n')[0]?.slice(0, 300) ?? '';
}

async function journeys() {
  const file = join(reports, 'e2e.json');
  const code = await execute(
    [
      bin('@playwright/test', 'cli.js'),
      'test',
      '--config',
      'e2e/playwright.config.ts',
      '--reporter=list,json',
    ],
    {
      PLAYWRIGHT_JSON_OUTPUT_NAME: file,
    },
  );
  const { stats, suites: files } = JSON.parse(readFileSync(file, 'utf8'));
  notes.push(...failedJourneys(files));
  const counts = { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped };
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}

/** The names of the journeys that did not end as they should, of suites within suites. */
function failedJourneys(groups) {
  return groups.flatMap((group) => [
    ...(group.specs ?? []).filter((spec) => !spec.ok).map((spec) => `failed: ${spec.file} › ${spec.title}`),
    ...failedJourneys(group.suites ?? []),
  ]);
}

function execute(args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(runtime(), args, {
      cwd: root,
      env: runtimeEnvironment(env),
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

function finish({ passed, failed, skipped }) {
  for (const note of notes) process.stdout.write(`\n${note}`);
  if (notes.length > 0) process.stdout.write('\n');
  process.stdout.write(`\n${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}\n`);
  process.exit(failed > 0 || passed === 0 ? 1 : 0);
}

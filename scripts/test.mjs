// `npm test`: everything that has to hold, from a fresh clone. `npm test -- --only types,unit` runs a part of it.
// The last line is `N passed, N failed`, counted over all suites: each static check counts as one.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
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
  const file = join(reports, `${name}.json`);
  const code = await execute([
    bin('vitest', 'vitest.mjs'),
    'run',
    ...options,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]);
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const counts = {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  };
  // A file that does not load has no tests to fail.
  if (code !== 0 && counts.failed === 0) counts.failed = Math.max(1, report.numFailedTestSuites);
  return counts;
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
  const { stats } = JSON.parse(readFileSync(file, 'utf8'));
  const counts = { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped };
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
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
  process.stdout.write(`\n${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}\n`);
  process.exit(failed > 0 || passed === 0 ? 1 : 0);
}

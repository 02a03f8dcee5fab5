// Brings a clone to the point where it can run: dependencies, generated code, the built console. Each step is skipped
// when nothing it depends on has changed since it was last done.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, runtime, runtimeEnvironment } from './runtime.mjs';

/** Node 20.19 is the oldest that can install what Sluice needs. */
export function assertNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Error(`Sluice needs Node 20.19 or newer; this is ${process.version}.`);
}

// `npm ci` refuses a lock file that lacks packages for other platforms, as one written where a registry does not hold all
// of them does; this installs the same locked versions and leaves the lock file alone.
export const install = () =>
  step(
    'Installing dependencies',
    ['package-lock.json'],
    'node_modules/.sluice/install',
    ['node_modules/next', 'node_modules/.bin'],
    async () => {
      await run(
        process.platform === 'win32' ? 'npm.cmd' : 'npm',
        ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'],
        process.env,
      );
    },
  );

export const generate = () =>
  step(
    'Generating the database client',
    ['prisma/schema.prisma', 'package-lock.json'],
    'node_modules/.sluice/generate',
    ['packages/db/src/generated/client.ts'],
    () => run(runtime(), ['scripts/generate.mjs'], runtimeEnvironment()),
  );

export const buildConsole = () =>
  step(
    'Building the console',
    ['apps/web', 'packages', 'package-lock.json'],
    'apps/web/.next/sluice-build',
    ['apps/web/.next/BUILD_ID'],
    () =>
      run(
        runtime(),
        ['node_modules/next/dist/bin/next', 'build', 'apps/web'],
        runtimeEnvironment({ NODE_ENV: 'production' }),
      ),
  );

async function step(title, inputs, stampFile, outputs, work) {
  const stamp = join(root, stampFile);
  const wanted = fingerprint(inputs);
  const done =
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8') === wanted &&
    outputs.every((path) => existsSync(join(root, path)));
  if (done) return;
  const started = Date.now();
  process.stdout.write(`  ${title} …\n`);
  await work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
  process.stdout.write(`  ${title}: done in ${((Date.now() - started) / 1000).toFixed(0)} s\n`);
}

/** A hash over the content of files; folders count with everything in them that is not built or installed. */
function fingerprint(paths) {
  const hash = createHash('sha256').update(process.platform + process.arch);
  const visit = (path) => {
    const info = statSync(path);
    if (!info.isDirectory()) return void hash.update(path).update(readFileSync(path));
    for (const name of readdirSync(path).sort()) {
      if (
        ![
          'node_modules',
          '.next',
          '.turbo',
          'generated',
          '__tests__',
          'tsconfig.tsbuildinfo',
          'next-env.d.ts',
        ].includes(name)
      )
        visit(join(path, name));
    }
  };
  for (const path of paths) visit(join(root, path));
  return hash.digest('hex');
}

function run(command, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    const output = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) return resolve();
      process.stderr.write(Buffer.concat(output));
      reject(new Error(`"${command} ${args[0]}" ended with code ${code}; its output is above.`));
    });
  });
}

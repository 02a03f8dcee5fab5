// Finds the Node that runs Sluice: this one where it is new enough, otherwise the one from node_modules. Plain
// JavaScript: everything in this folder must run on Node 20, before anything is installed.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '..');

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
/** Type stripping without a flag, and what current undici and vitest ask for. */
export const runtimeIsNewEnough = major > 22 || (major === 22 && minor >= 19);

/** Path of the Node that runs the product, once dependencies are installed. */
export function runtime() {
  if (runtimeIsNewEnough) return process.execPath;
  const bundled = join(
    root,
    'node_modules',
    'node',
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (!existsSync(bundled)) {
    throw new Error(
      `Sluice needs Node 22.19 or newer. This is ${process.version}, and the bundled one is missing: delete node_modules and start again.`,
    );
  }
  return bundled;
}

/** Environment in which that Node, and the programs of node_modules, come first on the PATH. */
export function runtimeEnvironment(extra = {}) {
  const separator = process.platform === 'win32' ? ';' : ':';
  const front = [resolve(runtime(), '..'), join(root, 'node_modules', '.bin')];
  return {
    ...process.env,
    PATH: [...front, process.env.PATH ?? ''].join(separator),
    NEXT_TELEMETRY_DISABLED: '1',
    TURBO_TELEMETRY_DISABLED: '1',
    ...extra,
  };
}

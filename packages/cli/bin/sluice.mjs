#!/usr/bin/env node
// Plain JavaScript, so that an old Node can still say what is wrong instead of failing on the first type.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `sluice needs Node 22.19 or newer; this is ${process.version}. Install a newer one from https://nodejs.org.\n`,
  );
  process.exit(1);
}
await import('../src/main.ts');

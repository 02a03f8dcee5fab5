import { existsSync } from 'node:fs';
import type { LaunchOptions } from '@playwright/test';
import chromium from '@sparticuz/chromium';

const installed = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
/** A closed network refuses what a browser asks for on its own; unasked, it starts faster too. */
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** What the npm package asks for on behalf of cloud functions: a single process dies with its first page, and without web security journeys would prove less. */
const unwanted = new Set(['--single-process', '--disable-web-security', '--allow-running-insecure-content']);

/** An installed Chromium or Chrome, else the headless one of the npm package (Linux x64), else Playwright's own. */
export async function findBrowser(): Promise<LaunchOptions> {
  const path = process.env.CHROMIUM_PATH ?? installed.find((candidate) => existsSync(candidate));
  if (path) return { executablePath: path, args: quiet };
  if (process.platform === 'linux' && process.arch === 'x64') {
    return {
      executablePath: await chromium.executablePath(),
      args: [...new Set([...chromium.args, ...quiet])].filter((arg) => !unwanted.has(arg)),
    };
  }
  return { args: quiet };
}

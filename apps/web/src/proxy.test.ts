import { NextRequest } from 'next/server';
import { expect, test } from 'vitest';
import { proxy } from './proxy.ts';

const policyOf = (url: string) => proxy(new NextRequest(url)).headers.get('content-security-policy') ?? '';

test('only scripts with the nonce of this very answer run, and nobody frames a page', () => {
  const [first, second] = [policyOf('http://localhost:3000/acme'), policyOf('http://localhost:3000/acme')];
  const nonce = /'nonce-([A-Za-z0-9+/]{22}==)'/.exec(first)?.[1];
  expect(nonce).toBeDefined();
  expect(second).not.toContain(nonce);
  expect(first).toContain("frame-ancestors 'none'");
  expect(first).not.toContain('unsafe-eval');
  expect(/script-src [^;]*unsafe-inline/.test(first)).toBe(false);
});

test('asks for HTTPS only where the page itself came over it', () => {
  expect(policyOf('http://localhost:3000/acme')).not.toContain('upgrade-insecure-requests');
  expect(policyOf('https://sluice.example.com/acme')).toContain('upgrade-insecure-requests');
});

import { SluiceError } from '@sluice/domain/error';
import { commonPasswords } from './common-passwords.ts';

/**
 * Throws `password_weak` for a password that is short, among the most common, a common word with some digits or
 * symbols around it, a run of the keyboard or alphabet, or made of the account's own address or name.
 */
export function assertPassword(password: string, about: { email: string; name: string }): void {
  const problem = problemOf(password, about);
  if (!problem) return;
  throw new SluiceError('password_weak', `This password ${problem}.`, {
    fields: { password: `This password ${problem}.` },
  });
}

function problemOf(password: string, about: { email: string; name: string }): string | null {
  if ([...password].length < 8) return 'is shorter than 8 characters';
  const plain = plainOf(password);
  const core = plain.replace(/^[^a-z]+|[^a-z]+$/g, '');
  const added = plain.length - core.length;
  if (commonPasswords.has(password.toLowerCase()) || commonPasswords.has(plain))
    return 'is among the most common';
  if (added <= 5 && (commonPasswords.has(core) || words.has(core)))
    return 'is a common one with a few characters added';
  if (new Set(plain).size <= 3) return 'repeats the same few characters';
  if (isRun(plain)) return 'is a run of the keyboard or the alphabet';
  const own = [about.email, about.email.split('@')[0] ?? '', about.name].map(plainOf);
  if (own.some((part) => part.length >= 4 && (plain === part || (core === part && added <= 5)))) {
    return 'is made of your name or address';
  }
  return null;
}

/** Lower case, with the usual stand-ins undone: `P@ssw0rd` reads as `password`. */
function plainOf(text: string): string {
  const standIns: Record<string, string> = {
    '@': 'a',
    '4': 'a',
    '3': 'e',
    '1': 'i',
    '!': 'i',
    '0': 'o',
    $: 's',
    '5': 's',
  };
  const lower = text.toLowerCase();
  if (!/[a-z]/.test(lower)) return lower;
  return lower.replace(
    /(?<=[a-z@$])[@431!0$5](?=[a-z@$431!05])|^[@$](?=[a-z])/g,
    (sign) => standIns[sign] ?? sign,
  );
}

const rows = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qwertzuiop',
  'azertyuiop',
  '1qaz2wsx3edc4rfv5tgb6yhn',
  'qazwsxedcrfv',
];

/** Whether the whole password is made of stretches of four or more of a row, forwards or backwards. */
function isRun(plain: string): boolean {
  const all = rows.flatMap((row) => [row, [...row].reverse().join('')]);
  let at = 0;
  while (at < plain.length) {
    let length = 0;
    while (at + length < plain.length && all.some((row) => row.includes(plain.slice(at, at + length + 1))))
      length++;
    if (length < 3) return false;
    at += length;
  }
  return true;
}

/** Short words that people lengthen to make a password. */
const words = new Set(
  'pass admin root user login test guest welcome master secret monkey dragon shadow summer winter spring autumn sommer hello hallo love baby angel soccer hockey tiger qwerty qwertz azerty letmein changeme sluice default sunshine princess company january february march april june july august october november december monday friday'.split(
    ' ',
  ),
);

import { readFile, rm } from 'node:fs/promises';
import { asOwner } from '@sluice/testing/postgres';
import { expect, it } from 'vitest';
import { spoolPath, sql } from '../../__tests__/spooled-rows.ts';
import { createTestSource } from './postgresql-source.ts';

it('cuts a long result between rows, whatever is in them, and loses none', { timeout: 60_000 }, async () => {
  const { source, database } = await createTestSource();
  await asOwner('create table long (id int, text text)', [], database);
  await asOwner(
    `insert into long select n, repeat(n || E',"\\n' || n || '","', 1 + n % 700) from generate_series(1, 12000) n`,
    [],
    database,
  );
  const path = spoolPath();
  const result = await source.spool(sql('select * from long order by id'), path, () => {});
  const files = result.files ?? [];
  const lineOf = (id: number): string => `${id},"${`${id},""\n${id}"",""`.repeat(1 + (id % 700))}"\n`;
  try {
    expect(files.length).toBeGreaterThan(2);
    let id = 1;
    for (const file of files) {
      const text = await readFile(file, 'utf8');
      for (let at = 0; at < text.length; id += 1) {
        const line = lineOf(id);
        if (!text.startsWith(line, at)) throw new Error(`${file} has no whole row ${id} at ${at}`);
        at += line.length;
      }
    }
    expect(id).toBe(12_001);
    expect(result.rows).toBe(12_000);
  } finally {
    for (const file of files) await rm(file, { force: true });
    await source.close();
  }
});

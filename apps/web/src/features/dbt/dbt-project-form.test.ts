import { expect, test } from 'vitest';
import { DbtProjectForm, headerOf } from './dbt-project-form.ts';

const empty: DbtProjectForm = { name: 'Shop', url: '', headerName: '', headerValue: '' };
const url = 'https://git.example.com/manifest.json';

test('a project needs a name, and an address only when it has one', () => {
  const wrong = (form: Partial<DbtProjectForm>) =>
    DbtProjectForm.safeParse({ ...empty, ...form }).error?.issues.map(({ path }) => path.join('.')) ?? [];
  expect(wrong({})).toEqual([]);
  expect(wrong({ name: '' })).toEqual(['name']);
  expect(wrong({ url: 'git.example.com' })).toEqual(['url']);
  expect(wrong({ url, headerValue: 'x' })).toEqual(['headerName']);
  expect(wrong({ url, headerName: 'not a name', headerValue: 'x' })).toEqual(['headerName']);
  expect(wrong({ url, headerName: 'Authorization', headerValue: 'Bearer x' })).toEqual([]);
});

test('a header stays unless it is written again or taken away', () => {
  const of = (form: Partial<DbtProjectForm>, kept: string | null) => headerOf({ ...empty, ...form }, kept);
  expect(of({ url, headerName: 'Authorization' }, 'Authorization')).toBeUndefined();
  expect(of({ url, headerName: 'Authorization', headerValue: 'b' }, 'Authorization')).toEqual({
    name: 'Authorization',
    value: 'b',
  });
  expect(of({ url }, 'Authorization')).toBeNull();
  expect(of({ headerName: 'Authorization' }, 'Authorization')).toBeNull();
});

import type { Row } from '@sluice/domain/column';
import { metaKeys, startMetaAudiences } from '@sluice/testing/vendors/meta-audiences/start-meta-audiences';
import { describe, expect, it } from 'vitest';
import { configurationOf, deliverOnce, recordsOf } from '../../__tests__/destination-context.ts';
import { useVendor } from '../../__tests__/use-vendor.ts';
import { metaAudiencesDestination } from '../definition.ts';

const world = useVendor(metaAudiencesDestination, startMetaAudiences, (url) => ({
  ...metaKeys,
  baseUrl: url,
}));
const mapped = (...names: string[]) =>
  names.map((name) => ({ type: 'column' as const, from: name.toLowerCase(), to: name }));
const audience = (names: string[], options: Record<string, unknown> = {}, object = '101') => ({
  object,
  mode: 'segment' as const,
  mappings: mapped(...names),
  options,
});
const members = (id = '101') => [...(world.vendor.state.audiences.get(id)?.members ?? [])];
const rows = (...fields: Row[]) =>
  recordsOf(
    'add',
    fields.map((one, index) => ({ key: String(index), fields: one })),
  );

/** Computed from Meta’s rules, by another program. */
const vectors = {
  EMAIL: 'f41439c944a763c9812d700a779941cec169de13c9ccd13aaf9424ba5231620a',
  PHONE: '5e7ec4c79ccac6e420876e65ad0e6b4b2ccf73ec3dccb50297bf2890a1ec73b9',
  LN: '67a42a846e98e3c1a96cd6ba14883a5ea05990cd93964ce8b832aa9497ca785c',
  CT: '350c754ba4d38897693aa077ef43072a859d23f613443133fecbbd90a3512ca5',
};
const ada = {
  EMAIL: '  Jane.Doe+news@Gmail.com ',
  PHONE: '+1 (415) 555-0100',
  LN: "O'Neil",
  CT: 'New York',
};

describe('people', () => {
  it('are normalised and hashed as Meta wants each key, in its order, whatever order they are mapped in', async () => {
    const writer = await world.writerOf(audience(['CT', 'LN', 'PHONE', 'EMAIL', 'EXTERN_ID', 'COUNTRY']));
    const { outcomes } = await deliverOnce(writer, rows({ ...ada, EXTERN_ID: 'c-1', COUNTRY: 'US' }));
    expect(outcomes).toEqual(['delivered']);
    const us = '79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621';
    expect(members()).toEqual([
      `EXTERN_ID=c-1&EMAIL=${vectors.EMAIL}&PHONE=${vectors.PHONE}&LN=${vectors.LN}&CT=${vectors.CT}&COUNTRY=${us}`,
    ]);
  });

  it('get an empty key for what they lack, never the hash of nothing', async () => {
    const writer = await world.writerOf(audience(['EMAIL', 'PHONE']));
    await deliverOnce(writer, rows({ EMAIL: ada.EMAIL, PHONE: null }));
    expect(members()).toEqual([`EMAIL=${vectors.EMAIL}&PHONE=`]);
  });

  it('with a number without a country code take that of their row, else that of the sync', async () => {
    const writer = await world.writerOf(audience(['PHONE', 'COUNTRY'], { country: 'DE' }));
    const { outcomes } = await deliverOnce(
      writer,
      rows({ PHONE: '(415) 555-0100', COUNTRY: 'us' }, { PHONE: '+14155550100' }, { PHONE: '030 1234567' }),
    );
    expect(outcomes).toEqual(['delivered', 'delivered', 'delivered']);
    const [american, , german] = members();
    expect(american).toContain(`PHONE=${vectors.PHONE}`);
    expect(german).not.toContain(vectors.PHONE);
  });

  it('that cannot be what they are said to be are rejected without being quoted', async () => {
    const writer = await world.writerOf(
      audience(['EMAIL', 'PHONE', 'DOBM', 'GEN', 'COUNTRY', 'MADID', 'DOBY']),
    );
    const { outcomes, results } = await deliverOnce(
      writer,
      rows(
        { EMAIL: 'nobody' },
        { PHONE: '12' },
        { DOBM: '13' },
        { GEN: 'x' },
        { COUNTRY: 'Germany' },
        { MADID: 'phone' },
        { DOBY: '95' },
        { EMAIL: ' ', PHONE: null },
      ),
    );
    expect(outcomes).toEqual([
      'rejected:email_invalid',
      'rejected:phone_invalid',
      'rejected:dobm_invalid',
      'rejected:gen_invalid',
      'rejected:country_invalid',
      'rejected:madid_invalid',
      'rejected:doby_invalid',
      'rejected:identifier_missing',
    ]);
    expect(JSON.stringify(results)).not.toContain('nobody');
    expect(world.vendor.requests.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  it('that are hashed already pass as they are; what is no hash is rejected', async () => {
    const writer = await world.writerOf(audience(['EMAIL'], { hashed: true }));
    const { outcomes } = await deliverOnce(
      writer,
      rows({ EMAIL: vectors.EMAIL.toUpperCase() }, { EMAIL: 'ada@example.com' }),
    );
    expect(outcomes).toEqual(['delivered', 'rejected:hash_invalid']);
    expect(members()).toEqual([`EMAIL=${vectors.EMAIL}`]);
  });

  it('leave by the columns that added them', async () => {
    const sync = audience(['EMAIL', 'PHONE']);
    const writer = await world.writerOf(sync);
    await deliverOnce(writer, rows({ EMAIL: ada.EMAIL, PHONE: ada.PHONE }, { EMAIL: 'eve@example.com' }));
    expect(members()).toHaveLength(2);
    expect(world.connect().columnsForRemoval(configurationOf(sync))).toEqual(['email', 'phone']);
    const { outcomes } = await deliverOnce(
      writer,
      recordsOf('remove', [{ row: { email: ada.EMAIL, phone: ada.PHONE } }]),
    );
    expect(outcomes).toEqual(['delivered']);
    expect(members()).toHaveLength(1);
  });

  it('are masked in what is recorded and shown', async () => {
    const writer = await world.writerOf(audience(['EMAIL']));
    const { exchanges } = await deliverOnce(writer, rows({ EMAIL: ada.EMAIL }));
    const shown = JSON.stringify([exchanges, await writer.preview(rows({ EMAIL: ada.EMAIL }))]);
    expect(shown).toContain('EMAIL');
    expect(shown).not.toContain(vectors.EMAIL);
    expect(shown).not.toMatch(/appsecret_proof=[0-9a-f]/);
  });
});

describe('counts', () => {
  const odd = (index: number) => `f00d${String(index).padStart(60, '0')}`;
  const fine = (index: number) => `a${String(index).padStart(63, '0')}`;
  const hashed = (values: string[]) => rows(...values.map((EMAIL) => ({ EMAIL })));
  const writer = () => world.writerOf(audience(['EMAIL'], { hashed: true }));

  it('that speak of a few invalid rows are halved until those stand alone', async () => {
    const values = Array.from({ length: 16 }, (_, index) => (index % 7 === 3 ? odd(index) : fine(index)));
    const { outcomes } = await deliverOnce(await writer(), hashed(values));
    expect(outcomes).toEqual(
      values.map((_, index) => (index % 7 === 3 ? 'rejected:invalid_entry' : 'delivered')),
    );
    expect(members()).toHaveLength(14);
  });

  it('that speak of many leave in doubt whom Meta does not name', async () => {
    const values = Array.from({ length: 60 }, (_, index) => (index < 30 ? odd(index) : fine(index)));
    const { outcomes } = await deliverOnce(await writer(), hashed(values));
    expect(outcomes.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => 'rejected:invalid_entry'));
    expect(new Set(outcomes.slice(5))).toEqual(new Set(['uncertain:counts_only']));
    expect(world.vendor.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  it('that are short prove nothing', async () => {
    world.vendor.state.loses = true;
    const { outcomes } = await deliverOnce(await writer(), hashed([fine(1), fine(2)]));
    expect(outcomes).toEqual(['uncertain:counts_only', 'uncertain:counts_only']);
  });
});

describe('audiences', () => {
  it('of lists are offered, page by page; lookalikes are not', async () => {
    const objects = await world.connect().listObjects();
    expect(objects).toHaveLength(252);
    expect(objects.map(({ label }) => label)).not.toContain('Lookalike');
  });

  it('are found by name, and made once when nobody has', async () => {
    const sync = audience(['EXTERN_ID'], { audienceName: 'New ones' }, 'by-name');
    for (const id of ['a', 'b']) {
      const { outcomes } = await deliverOnce(await world.writerOf(sync), rows({ EXTERN_ID: id }));
      expect(outcomes).toEqual(['delivered']);
    }
    const made = [...world.vendor.state.audiences.values()].filter(({ name }) => name === 'New ones');
    expect(made).toHaveLength(1);
    expect(members(made[0]?.id)).toEqual(['EXTERN_ID=a', 'EXTERN_ID=b']);
  });

  it('demand a key that tells people apart, and columns to find them again', async () => {
    await expect(world.problemsOf(audience(['COUNTRY'], { country: 'Deutschland' }))).resolves.toEqual({
      mappings: 'Map at least one column that tells people apart.',
      'options.country': 'A country has two letters.',
    });
    const template = { type: 'template' as const, template: '{{ a }}', to: 'EMAIL' };
    await expect(world.problemsOf({ ...audience([]), mappings: [template] })).resolves.toHaveProperty([
      'mappings.0.to',
    ]);
    await expect(world.problemsOf(audience(['EMAIL'], {}, 'by-name'))).resolves.toEqual({
      'options.audienceName': 'Name of the audience is missing.',
    });
  });
});

describe('failures', () => {
  const send = async () =>
    deliverOnce(await world.writerOf(audience(['EXTERN_ID'])), rows({ EXTERN_ID: 'a' })).then(
      ({ results }) => results[0],
      (error: unknown) => error,
    );
  /** The writer is made before Meta fails. */
  const failing = async (failure: { code: number; subcode?: number; transient?: boolean }) => {
    const writer = await world.writerOf(audience(['EXTERN_ID']));
    world.vendor.state.failure = failure;
    return deliverOnce(writer, rows({ EXTERN_ID: 'a' })).then(
      ({ results }) => results[0],
      (error: unknown) => error,
    );
  };

  it.each([
    [{ code: 17 }, { status: 'retry', code: 'meta_17' }],
    [{ code: 2654 }, { status: 'retry', code: 'meta_2654' }],
    [{ code: 2 }, { status: 'retry', inDoubt: true }],
    [
      { code: 100, transient: true },
      { status: 'retry', inDoubt: true },
    ],
    [{ code: 100 }, { status: 'rejected', code: 'meta_100' }],
    [{ code: 190 }, { code: 'destination_auth' }],
    [{ code: 200 }, { code: 'destination_permission' }],
    [{ code: 100, subcode: 1713230 }, { code: 'destination_permission' }],
    [{ code: 100, subcode: 33 }, { code: 'destination_object_missing' }],
  ])('with %o mean what Meta says about them', async (failure, meant) => {
    await expect(failing(failure)).resolves.toMatchObject(meant);
  });

  it('for too many calls wait as long as the header says; a long wait ends the run', async () => {
    world.vendor.state.regainMinutes = 5;
    await expect(failing({ code: 80003 })).resolves.toMatchObject({ status: 'retry', afterMs: 300_000 });
    world.vendor.state.regainMinutes = 45;
    world.vendor.state.failure = null;
    await expect(failing({ code: 80003 })).resolves.toMatchObject({
      code: 'destination_quota',
      details: { resumeAt: expect.stringMatching(/Z$/) },
    });
  });

  it('of an audience that is gone are said', async () => {
    world.vendor.state.audiences.delete('101');
    await expect(send()).rejects.toMatchObject({ code: 'destination_object_missing' });
  });
});

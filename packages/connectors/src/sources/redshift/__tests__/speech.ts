import { asOwner } from '@sluice/testing/postgres';
import type { SourceSpeech } from '../../../__tests__/source-speech.ts';
import { quoteIdentifier } from '../../../kit/sql-identifier.ts';
import { postgresqlSpeech } from '../../postgresql/__tests__/speech.ts';

/** A PostgreSQL server is asked in the place of Redshift; what Redshift does not have is not asked. */
export const redshiftSpeech: SourceSpeech = {
  ...postgresqlSpeech,
  literal: (value) => (value.kind === 'array' ? null : postgresqlSpeech.literal(value)),
  typedNull: (kind) => (kind === 'array' ? null : postgresqlSpeech.typedNull(kind)),
  async prepare({ redshift }) {
    const run = (text: string) => asOwner(text, [], redshift.database);
    await run('create table questions (id bigint primary key, name text)');
    await run('create sequence questions_seq');
    await run("insert into questions values (1, 'one'), (2, 'two')");
    await run(`grant select on questions to ${quoteIdentifier(redshift.user)}`);
  },
};

import { asOwner } from '@sluice/testing/postgres';
import { until } from '@sluice/testing/until';

/** Has the server write its own key file: it must belong to the user that the server runs as. */
export async function useCertificate({ cert, key }: { cert: string; key: string }): Promise<void> {
  await writeServerFile(cert, 'server.crt');
  await writeServerFile(key, 'server.key');
  await asOwner('alter system set ssl = on');
  await asOwner('select pg_reload_conf()');
  await until(
    'the server offers encryption',
    async () => (await asOwner<{ ssl: string }>('show ssl'))[0]?.ssl === 'on',
  );
}

/** Has the PostgreSQL of the tests write a file into its data directory. */
export const writeServerFile = (text: string, file: string) =>
  asOwner(
    `copy (select line from unnest(string_to_array('${text.trim()}', e'\\n')) line) to program 'umask 077; cat > ${file}'`,
  );

import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

const iterations = 4_096;

/** The server's side of SCRAM, for one attempt to sign in. https://datatracker.ietf.org/doc/html/rfc5802 */
export function createScram(algorithm: 'sha256' | 'sha512', user: string, password: string) {
  const hmac = (key: Buffer, text: string): Buffer => createHmac(algorithm, key).update(text).digest();
  const hash = (bytes: Buffer): Buffer => createHash(algorithm).update(bytes).digest();
  const salt = randomBytes(16);
  let first = '';
  let server = '';
  return (message: string): string | null => {
    if (first === '') {
      first = message.replace(/^n,,/, '');
      const [, name = '', nonce = ''] = /^n=([^,]*),r=(.*)$/.exec(first) ?? [];
      if (name !== user) return null;
      server = `r=${nonce}${randomBytes(8).toString('hex')},s=${salt.toString('base64')},i=${iterations}`;
      return server;
    }
    const [, bare = '', proof = ''] = /^(.*),p=(.*)$/.exec(message) ?? [];
    const salted = pbkdf2Sync(password, salt, iterations, algorithm === 'sha256' ? 32 : 64, algorithm);
    const auth = `${first},${server},${bare}`;
    const clientKey = hmac(salted, 'Client Key');
    const signature = hmac(hash(clientKey), auth);
    const expected = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)));
    if (expected.toString('base64') !== proof) return null;
    return `v=${hmac(hmac(salted, 'Server Key'), auth).toString('base64')}`;
  };
}

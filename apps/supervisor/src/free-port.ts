import { createServer } from 'node:net';

/** Throws unless the port can be listened on. */
export async function assertPortFree(port: number): Promise<void> {
  await listen(port).catch((error: NodeJS.ErrnoException) => {
    const why =
      error.code === 'EACCES' ? 'may not be used without more rights' : 'is taken by another program';
    throw new Error(`Port ${port} ${why}.\n  Start with another one: PORT=${port + 1} npm start`);
  });
}

/** A free loopback port. */
export const freePort = (): Promise<number> => listen(0, '127.0.0.1');

function listen(port: number, host?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port));
    });
  });
}

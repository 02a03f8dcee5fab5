/** Headers that describe the connection or the length of the body: HTTP would break if people set them. */
export const isReservedHeader = (name: string): boolean => reserved.has(name.toLowerCase());

const reserved = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Shorter values are not masked: they would tear holes into ordinary words. */
const lengthMin = 4;
/** Words of a pass phrase that are shorter are not masked alone. */
const credentialMin = 8;
const mask = '••••••••';
const valuesMax = 5_000;

/**
 * The secrets that this process holds in clear right now. Text that leaves the process (logs, captured requests and
 * answers, messages of databases) is masked by value, in the forms a secret takes on its way: as it is, inside a URL,
 * base64, and escaped in JSON.
 */
export interface SecretRegistry {
  /** Masks these values from now on. Values under 4 characters are ignored. */
  register(values: Iterable<string>): void;
  /** The text with every registered secret replaced by dots. */
  redact(text: string): string;
  /** The same over every string inside a JSON-like value, names of properties included. */
  redactDeep<Value>(value: Value): Value;
}

/** An empty registry. One per process; the oldest values are forgotten beyond 5,000. */
export function createSecretRegistry(): SecretRegistry {
  const formsByValue = new Map<string, string[]>();
  let pattern: RegExp | null = null;

  const register = (values: Iterable<string>): void => {
    for (const value of values) {
      if (value.length < lengthMin) continue;
      // A value that is used again becomes the newest one.
      const known = formsByValue.delete(value);
      formsByValue.set(value, partsOf(value).flatMap(formsOf));
      if (!known) pattern = null;
    }
    for (const value of formsByValue.keys()) {
      if (formsByValue.size <= valuesMax) break;
      formsByValue.delete(value);
    }
  };

  const redact = (text: string): string => {
    if (formsByValue.size === 0 || text.length < lengthMin) return text;
    pattern ??= patternOf([...formsByValue.values()].flat());
    return text.replace(pattern, mask);
  };

  const redactDeep = <Value>(value: Value): Value => redactValue(value, redact) as Value;

  return { register, redact, redactDeep };
}

/** An Authorization header is secret as a whole, and so is its credential alone, the password of `Basic` included. */
function partsOf(value: string): string[] {
  const [, scheme, credential] = /^([A-Za-z][\w-]*) +(\S.*)$/s.exec(value) ?? [];
  if (!scheme || !credential || credential.length < credentialMin) return [value];
  if (scheme.toLowerCase() !== 'basic') return [value, credential];
  const decoded = Buffer.from(credential, 'base64').toString('utf8');
  const password = decoded.slice(decoded.indexOf(':') + 1);
  return [value, credential, decoded, ...(password.length < credentialMin ? [] : [password])];
}

function formsOf(value: string): string[] {
  const base64 = Buffer.from(value, 'utf8').toString('base64');
  const json = JSON.stringify(value).slice(1, -1);
  const url = encodeURIComponent(value);
  const all = [
    value,
    url,
    url.replaceAll('%20', '+'),
    url.toLowerCase() === url ? url : url.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()),
    json,
    JSON.stringify(json).slice(1, -1),
    base64,
    base64.replace(/=+$/, ''),
    Buffer.from(value, 'utf8').toString('base64url'),
  ];
  return [...new Set(all)].filter((form) => form.length >= lengthMin);
}

/** Longest first, so that a secret which contains another one is masked whole. */
function patternOf(values: string[]): RegExp {
  const sorted = [...new Set(values)].sort((a, b) => b.length - a.length);
  return new RegExp(sorted.map((value) => RegExp.escape(value)).join('|'), 'g');
}

function redactValue(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((item) => redactValue(item, redact));
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [redact(name), redactValue(item, redact)]),
  );
}

/** A profile of the fake account. */
export interface FakeProfile {
  readonly id: string;
  attributes: Record<string, unknown>;
  properties: Record<string, unknown>;
  location: Record<string, unknown>;
}

export interface ProfileInput {
  readonly id?: string;
  readonly attributes: Record<string, unknown>;
  readonly meta?: { readonly patch_properties?: { readonly unset?: string | string[] } };
}

export interface ProfileError {
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  /** Below the profile: `/attributes/email`. */
  readonly pointer: string;
}

const identifiers = ['email', 'phone_number', 'external_id'] as const;

/** Profiles by id, and by each identifier folded to lower case. */
export class FakeProfiles {
  readonly byId = new Map<string, FakeProfile>();
  readonly #byIdentifier = new Map<string, string>();

  find(by: string, text: string): FakeProfile | undefined {
    const id = by === 'id' ? text : this.#byIdentifier.get(`${by} ${text.toLowerCase()}`);
    return id === undefined ? undefined : this.byId.get(id);
  }

  /** Creates or updates; answers what is wrong instead. */
  write(input: ProfileInput): { profile: FakeProfile; created: boolean } | ProfileError {
    const { location, properties, ...attributes } = input.attributes;
    const problem = problemOf(attributes);
    if (problem) return problem;
    const owners = new Set(
      identifiers.flatMap((by) => {
        const value = attributes[by];
        return typeof value === 'string' ? (this.find(by, value)?.id ?? []) : [];
      }),
    );
    if (owners.size > 1)
      return {
        code: 'duplicate_profile',
        title: 'Conflict',
        detail: 'The identifiers belong to different profiles.',
        pointer: '/attributes',
      };
    const [owner] = owners;
    const known = input.id === undefined ? owner : input.id;
    if (input.id !== undefined && !this.byId.has(input.id))
      return { code: 'not_found', title: 'Not found', detail: `No profile ${input.id}`, pointer: '/id' };
    if (known === undefined && identifiers.every((by) => typeof attributes[by] !== 'string'))
      return { code: 'invalid', title: 'Invalid input.', detail: 'One identifier is required.', pointer: '' };
    const id = known ?? `01KLAVIYO${String(this.byId.size + 1).padStart(8, '0')}`;
    const profile = this.byId.get(id) ?? { id, attributes: {}, properties: {}, location: {} };
    profile.attributes = merged(profile.attributes, attributes);
    profile.properties = { ...profile.properties, ...(properties as Record<string, unknown>) };
    for (const name of [input.meta?.patch_properties?.unset ?? []].flat()) delete profile.properties[name];
    profile.location = merged(profile.location, (location ?? {}) as Record<string, unknown>);
    this.byId.set(id, profile);
    for (const by of identifiers) {
      const value = profile.attributes[by];
      if (typeof value === 'string') this.#byIdentifier.set(`${by} ${value.toLowerCase()}`, id);
    }
    return { profile, created: known === undefined };
  }
}

/** NULL clears; what is not named stays. */
const merged = (before: Record<string, unknown>, change: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== null));

function problemOf({ email, phone_number: phone }: Record<string, unknown>): ProfileError | null {
  if (typeof email === 'string' && !/^[^@\s]+@[^@\s]+$/.test(email))
    return {
      code: 'invalid',
      title: 'Invalid input.',
      detail: `Invalid email address: ${email}`,
      pointer: '/attributes/email',
    };
  if (typeof phone === 'string' && !/^\+[1-9]\d{6,14}$/.test(phone))
    return {
      code: 'invalid',
      title: 'Invalid input.',
      detail: `Invalid phone number format: ${phone}`,
      pointer: '/attributes/phone_number',
    };
  return null;
}

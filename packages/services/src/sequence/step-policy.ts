import type { StepPolicy } from '@sluice/domain/sequence';

interface StoredPolicy {
  policy: string;
  rejectedShareMax: number | null;
}

/** A policy as its two columns. */
export function policyColumns(policy: StepPolicy): StoredPolicy {
  const share = policy.type === 'stop_on_fatal_or_rejections' ? policy.rejectedShareMax : null;
  return { policy: policy.type, rejectedShareMax: share };
}

/** A policy from its two columns. */
export function policyOf({ policy, rejectedShareMax }: StoredPolicy): StepPolicy {
  if (policy === 'stop_on_fatal_or_rejections')
    return { type: policy, rejectedShareMax: rejectedShareMax ?? 0 };
  return { type: policy === 'continue' ? 'continue' : 'stop_on_fatal' };
}

'use client';

import type { ReactNode } from 'react';
import { Badge, type Tone } from './Badge.tsx';
import { Tooltip } from './Tooltip.tsx';

/** A status: icon, word and colour, with one sentence of what it means on hover and focus. */
export function Status({
  tone,
  icon,
  label,
  description,
}: {
  tone: Tone;
  icon: ReactNode;
  label: string;
  description?: string;
}) {
  const badge = (
    <Badge tone={tone} icon={icon}>
      {label}
    </Badge>
  );
  if (!description) return badge;
  return (
    <Tooltip content={description}>
      <span className="inline-flex max-w-full">{badge}</span>
    </Tooltip>
  );
}

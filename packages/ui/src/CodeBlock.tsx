'use client';

import { CopyButton } from './CopyButton.tsx';

/** Code or a command to copy. Scrolls sideways rather than breaking lines, unless `wrap`. */
export function CodeBlock({
  code,
  label = 'Copy',
  wrap = false,
}: {
  code: string;
  label?: string;
  wrap?: boolean;
}) {
  return (
    <div className="relative min-w-0 rounded-md border bg-sunken">
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard (WCAG 2.1.1).
        tabIndex={0}
        className={`focus-ring max-h-96 overflow-auto rounded-md py-2.5 pr-11 pl-3 font-mono text-ink text-xs ${wrap ? 'whitespace-pre-wrap break-words' : ''}`}
      >
        <code>{code}</code>
      </pre>
      <span className="absolute top-1 right-1 rounded-md bg-sunken">
        <CopyButton text={code} label={label} />
      </span>
    </div>
  );
}

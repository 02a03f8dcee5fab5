import { classNames } from './class-names.ts';

/** A grey shape in place of content to come; appears only after 200 ms, so that quick answers do not flicker. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={classNames('block h-4 animate-appear rounded-md bg-pressed', className)}
    />
  );
}

/** Several lines of it, with a text for screen readers. */
export function SkeletonLines({ lines = 3, label = 'Loading…' }: { lines?: number; label?: string }) {
  return (
    <div role="status" className="flex flex-col gap-2.5">
      <span className="sr-only">{label}</span>
      {Array.from({ length: lines }, (_, line) => line).map((line) => (
        <Skeleton key={line} className={line % 3 === 2 ? 'w-2/3' : line % 3 === 1 ? 'w-5/6' : 'w-full'} />
      ))}
    </div>
  );
}

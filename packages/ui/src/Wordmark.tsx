/** The sign of Sluice: a gate lifted over three lines of flow. Takes the colour of the text around it. */
export function Glyph({ className = 'size-5' }: { className?: string }) {
  return (
    <svg aria-hidden="true" viewBox="0 0 24 24" fill="none" className={className}>
      <path d="M4 3v18M20 3v18" stroke="currentColor" strokeWidth="2.25" strokeLinecap="round" />
      <rect x="7.25" y="3" width="9.5" height="8" rx="1.5" fill="currentColor" />
      <path
        d="M7.5 15.25c1.5-1.3 3-1.3 4.5 0s3 1.3 4.5 0M7.5 19.75c1.5-1.3 3-1.3 4.5 0s3 1.3 4.5 0"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
      />
    </svg>
  );
}

export function Wordmark() {
  return (
    <span className="inline-flex items-center gap-2 text-ink">
      <Glyph className="size-5 text-accent" />
      <span className="font-semibold text-lg tracking-tight">Sluice</span>
    </span>
  );
}

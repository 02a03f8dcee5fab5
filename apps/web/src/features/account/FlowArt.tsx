/** Decoration beside the sign-in form: rows that run through a gate and come out in order. */
export function FlowArt() {
  return (
    <div aria-hidden="true" className="relative overflow-hidden border-l bg-sunken max-lg:hidden">
      <svg
        aria-hidden="true"
        viewBox="0 0 720 900"
        preserveAspectRatio="xMidYMid slice"
        className="absolute inset-0 size-full"
        fill="none"
      >
        {lines.map((line) => (
          <path
            key={line.before}
            d={line.path}
            className={line.kept ? 'stroke-accent' : 'stroke-line-strong'}
            strokeWidth={line.kept ? 2 : 1.25}
            strokeOpacity={line.kept ? 0.9 : 0.8}
            strokeLinecap="round"
          />
        ))}
        {lines
          .filter((line) => line.kept)
          .map((line) => (
            <circle key={line.before} cx={640} cy={line.after} r={4} className="fill-accent" />
          ))}
        <rect x={352} y={230} width={16} height={440} rx={8} className="fill-surface stroke-line-strong" />
        <rect x={352} y={230} width={16} height={150} rx={8} className="fill-accent" fillOpacity={0.9} />
      </svg>
      <p className="absolute right-12 bottom-12 left-12 text-balance text-muted text-sm">
        Every row that leaves your warehouse ends as delivered, rejected with a reason, or not attempted. The
        three add up.
      </p>
    </div>
  );
}

/** Twelve lines come in from everywhere; those that changed leave in order, the others end at the gate. */
const lines = Array.from({ length: 12 }, (_, index) => {
  const before = 120 + index * 56;
  const at = 400 + index * 22;
  const kept = index % 3 !== 1;
  const after = 310 + index * 26;
  const start = `M0 ${before} C 160 ${before}, 220 ${at}, 344 ${at}`;
  return {
    before,
    after,
    kept,
    path: kept ? `${start} L 376 ${at} C 500 ${at}, 540 ${after}, 632 ${after}` : start,
  };
});

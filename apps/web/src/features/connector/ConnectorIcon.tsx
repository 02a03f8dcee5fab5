import { classNames } from '@sluice/ui/class-names';

/**
 * A connector's own icon. It is drawn as an image, so that nothing inside the SVG can run or style the page.
 * Decorative: the name stands beside it.
 */
export function ConnectorIcon({
  icon,
  size = 'md',
}: {
  icon: string | undefined;
  size?: 'sm' | 'md' | 'lg';
}) {
  const box = { sm: 'size-5', md: 'size-8', lg: 'size-10' }[size];
  return (
    <span
      className={classNames(
        'inline-flex shrink-0 items-center justify-center overflow-hidden',
        size !== 'sm' && 'rounded-md border bg-sunken p-1',
        box,
      )}
    >
      {icon && (
        // biome-ignore lint/performance/noImgElement: a data URL needs no optimisation
        <img
          alt=""
          className="size-full"
          src={`data:image/svg+xml;utf8,${encodeURIComponent(icon)}`}
          width={32}
          height={32}
        />
      )}
    </span>
  );
}

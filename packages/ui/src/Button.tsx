'use client';

import { cva, type VariantProps } from 'class-variance-authority';
import { Slot } from 'radix-ui';
import type { ComponentProps, ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { Link } from './Link.tsx';
import { Spinner } from './Spinner.tsx';
import { Tooltip } from './Tooltip.tsx';

const look = cva(
  'focus-ring inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md font-medium transition-colors duration-100 disabled:opacity-55 aria-disabled:opacity-55 [&_svg]:size-4 [&_svg]:shrink-0',
  {
    variants: {
      variant: {
        primary: 'bg-accent text-on-accent shadow-raised hover:bg-accent-strong',
        secondary:
          'border border-line-strong bg-surface text-ink shadow-raised hover:bg-hover active:bg-pressed',
        ghost: 'text-muted hover:bg-hover hover:text-ink active:bg-pressed data-[state=open]:bg-hover',
        danger: 'bg-critical text-on-critical shadow-raised hover:bg-critical-strong',
        'danger-quiet': 'border border-critical-line bg-surface text-critical hover:bg-critical-soft',
      },
      size: {
        sm: 'h-7 px-2.5 text-xs pointer-coarse:h-9',
        md: 'h-8 px-3 text-sm pointer-coarse:h-10',
        lg: 'h-10 px-4 text-base',
        icon: 'size-8 text-sm pointer-coarse:size-10',
        'icon-sm': 'size-7 text-sm pointer-coarse:size-9',
      },
    },
    defaultVariants: { variant: 'secondary', size: 'md' },
  },
);

type Look = VariantProps<typeof look>;

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'className'>, Look {
  /** Shows a spinner and ignores clicks; the label stays. */
  loading?: boolean;
  /** Why the action is not possible now: makes the button inert, and is shown on hover and focus. */
  disabledReason?: string | null;
  /** Renders the only child with the look of a button. */
  asChild?: boolean;
  /** Layout only: `w-full`, `self-start`. */
  className?: string;
}

/** A button. Inside forms say `type="submit"`; everything else is `type="button"`. */
export function Button({
  variant,
  size,
  loading = false,
  disabledReason = null,
  asChild = false,
  className,
  children,
  onClick,
  type = 'button',
  ...rest
}: ButtonProps) {
  const classes = classNames(look({ variant, size }), className);
  if (asChild) {
    return (
      <Slot.Root {...rest} onClick={onClick} className={classes}>
        {children}
      </Slot.Root>
    );
  }
  const inert = loading || disabledReason !== null;
  const button = (
    <button
      {...rest}
      type={inert ? 'button' : type}
      aria-disabled={inert || undefined}
      aria-busy={loading || undefined}
      onClick={inert ? (event) => event.preventDefault() : onClick}
      className={classes}
    >
      {loading && <Spinner />}
      {children}
    </button>
  );
  return disabledReason === null ? button : <Tooltip content={disabledReason}>{button}</Tooltip>;
}

/** A link that looks like a button. */
export function ButtonLink({
  variant,
  size,
  href,
  children,
  className,
  ...rest
}: Look & { href: string; children: ReactNode; className?: string } & Omit<ComponentProps<'a'>, 'href'>) {
  return (
    <Link {...rest} href={href} className={classNames(look({ variant, size }), className)}>
      {children}
    </Link>
  );
}

/** A square button with an icon alone; the label is read out and shown on hover. */
export function IconButton({
  label,
  shortcut,
  size = 'icon',
  variant = 'ghost',
  children,
  ...rest
}: Omit<ButtonProps, 'aria-label'> & { label: string; shortcut?: string }) {
  return (
    <Tooltip content={label} shortcut={shortcut}>
      <Button {...rest} size={size} variant={variant} aria-label={label}>
        {children}
      </Button>
    </Tooltip>
  );
}

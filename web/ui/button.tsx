/** What is pressed to do something. A link that looks like one takes its looks from here (`links.tsx`). */
import type { ComponentProps, ReactNode } from 'react';

export interface ButtonLooks {
  /** `filled` is what the screen is for, `default` what else can be done, `subtle` and `light` what stands beside other things. */
  readonly variant?: 'filled' | 'default' | 'subtle' | 'light' | undefined;
  readonly size?: 'md' | 'lg' | undefined;
  /** Red is for what takes something away. */
  readonly color?: 'red' | undefined;
  readonly fullWidth?: boolean | undefined;
}

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'color'>, ButtonLooks {
  readonly leftSection?: ReactNode;
  /** What was asked for is on its way: it can't be pressed again, and says so. */
  readonly loading?: boolean;
}

/** The attributes that `button.css` draws by. */
export const buttonLooks = ({ variant = 'filled', size = 'lg', color, fullWidth = false }: ButtonLooks) => ({
  'data-variant': variant,
  'data-size': size,
  'data-color': color,
  'data-block': fullWidth || undefined,
});

export function Button({
  variant,
  size,
  color,
  fullWidth,
  leftSection,
  loading = false,
  disabled,
  className,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={className ? `button ${className}` : 'button'}
      {...buttonLooks({ variant, size, color, fullWidth })}
      data-loading={loading || undefined}
      disabled={disabled || loading}
    >
      {loading && <span className="button-ring" aria-hidden="true" />}
      <ButtonFace leftSection={leftSection}>{children}</ButtonFace>
    </button>
  );
}

/** What stands in a button, or in a link that looks like one. */
export function ButtonFace({ leftSection, children }: { leftSection?: ReactNode; children: ReactNode }) {
  return (
    <span className="button-face">
      {leftSection && <span className="button-left">{leftSection}</span>}
      <span className="button-label">{children}</span>
    </span>
  );
}

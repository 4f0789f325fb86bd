import type { LucideIcon } from 'lucide-react'
import type { ReactNode, Ref } from 'react'
import styles from './Button.module.css'
import { classes } from './classes.ts'
import { Spinner } from './Spinner.tsx'

export type ButtonVariant = 'primary' | 'plain' | 'danger' | 'quiet'

export interface ButtonProps {
  /** One primary action a screen; a destructive one is `danger`, never primary. */
  readonly variant?: ButtonVariant | undefined
  readonly icon?: LucideIcon | undefined
  /** Work is under way: keeps its place and its focus, and ignores clicks. */
  readonly busy?: boolean | undefined
  readonly disabled?: boolean | undefined
  readonly onClick?: (() => void) | undefined
  readonly children: ReactNode
  readonly title?: string | undefined
  /** Set where several buttons with the same text stand on one screen. */
  readonly label?: string | undefined
  readonly ref?: Ref<HTMLButtonElement> | undefined
}

export function Button({
  variant = 'plain',
  icon: Icon,
  busy,
  disabled,
  onClick,
  children,
  title,
  label,
  ref,
}: ButtonProps) {
  return (
    <button
      ref={ref}
      type="button"
      className={classes(styles['button'], styles[variant])}
      // Not `disabled` while busy: a disabled button drops the keyboard's focus.
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      aria-label={label}
      disabled={disabled}
      title={title}
      onClick={() => busy || onClick?.()}
    >
      {busy ? <Spinner /> : Icon && <Icon size={16} strokeWidth={1.5} aria-hidden />}
      {children}
    </button>
  )
}

/** A link that looks like a button; `href` starts with `#/` for a page of the console. */
export function LinkButton({
  href,
  icon: Icon,
  variant = 'plain',
  children,
}: {
  readonly href: string
  readonly icon?: LucideIcon | undefined
  readonly variant?: ButtonVariant | undefined
  readonly children: ReactNode
}) {
  return (
    <a href={href} className={classes(styles['button'], styles[variant])}>
      {Icon && <Icon size={16} strokeWidth={1.5} aria-hidden />}
      {children}
    </a>
  )
}

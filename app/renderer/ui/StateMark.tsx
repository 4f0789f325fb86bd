import styles from './StateMark.module.css'

export type Mark = 'ok' | 'warn' | 'fail' | 'stopped' | 'unknown' | 'busy'

/** A state as a shape and a colour, so that it reads without colour: ● ▲ ■ ○ ◌ ◐. */
export function StateMark({ state, label }: { readonly state: Mark; readonly label?: string | undefined }) {
  return (
    <svg
      className={styles[state]}
      width="12"
      height="12"
      viewBox="0 0 12 12"
      role={label ? 'img' : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : true}
    >
      {shapes[state]}
    </svg>
  )
}

const ring = { cx: 6, cy: 6, r: 4, fill: 'none', stroke: 'currentColor', strokeWidth: 1.5 }
const shapes = {
  ok: <circle cx="6" cy="6" r="4.5" fill="currentColor" />,
  warn: <path d="M6 1 11.5 10.5H.5z" fill="currentColor" />,
  fail: <rect x="1.5" y="1.5" width="9" height="9" rx="1" fill="currentColor" />,
  stopped: <circle {...ring} />,
  unknown: <circle {...ring} strokeDasharray="2 2.2" />,
  busy: (
    <>
      <circle {...ring} />
      <path d="M6 2a4 4 0 0 0 0 8z" fill="currentColor" />
    </>
  ),
}

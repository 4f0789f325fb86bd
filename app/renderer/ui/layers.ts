/**
 * Whether a dialog, menu or popover is open, or the key belongs to something that takes every key (a terminal:
 * `data-keeps-keys`): then it is not for what lies beneath.
 * A choice keeps its closed list in the page once it had the focus, so a layer must also be open.
 */
export function layerIsOpen(event: Event): boolean {
  const target = event.target instanceof Element ? event.target : null
  return (
    target?.closest('[data-keeps-keys]') != null || document.querySelector('[data-layer]:not([data-closed])') !== null
  )
}

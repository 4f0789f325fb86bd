// Source for the page's own world: rebuilds there what contextBridge exposed, out of messages from the preload's world.
// DOM events are synchronous and clone their detail, which is just what crosses Electron's bridge.

export type Packed =
  | { readonly kind: 'function'; readonly id: number }
  | { readonly kind: 'object'; readonly entries: readonly [string, Packed][] }
  | { readonly kind: 'value'; readonly value: unknown }

export function pageWorld(): void {
  if (window !== window.top) return
  const callbacks: ((...args: unknown[]) => void)[] = []
  let answer: { ok?: Packed; error?: string } | null = null

  // A second window is asked for and never there: Chromium would open it before the app could deny it.
  const { __electronDoubleOpen: ask } = window as unknown as { __electronDoubleOpen: (url: string) => void }
  window.open = (url = 'about:blank') => {
    ask(String(new URL(url, location.href)))
    return null
  }
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null
    if (link?.target !== '_blank' || event.defaultPrevented) return
    event.preventDefault()
    ask(link.href)
  })

  const pack = (value: unknown): Packed => {
    if (typeof value !== 'function') return { kind: 'value', value: structuredClone(value) }
    let id = callbacks.indexOf(value as never)
    if (id < 0) id = callbacks.push(value as never) - 1
    return { kind: 'function', id }
  }
  const call =
    (id: number) =>
    (...args: unknown[]): unknown => {
      answer = null
      document.dispatchEvent(new CustomEvent('electron-double:call', { detail: { id, args: args.map(pack) } }))
      const mine = answer as { ok?: Packed; error?: string } | null
      if (!mine) throw new Error('the preload did not answer')
      if (mine.error !== undefined) throw new Error(mine.error)
      return build(mine.ok!)
    }
  const build = (packed: Packed): unknown => {
    if (packed.kind === 'function') return call(packed.id)
    if (packed.kind === 'value') return packed.value
    return Object.freeze(Object.fromEntries(packed.entries.map(([key, inner]) => [key, build(inner)])))
  }
  const on = (name: string, listener: (detail: never) => void) =>
    document.addEventListener(`electron-double:${name}`, (event) => listener((event as CustomEvent).detail as never))

  on('expose', ({ key, api }: { key: string; api: Packed }) => {
    Object.defineProperty(window, key, { value: build(api), enumerable: true })
  })
  on('answer', (detail: { ok?: Packed; error?: string }) => {
    answer = detail
  })
  on('callback', ({ id, args }: { id: number; args: Packed[] }) => callbacks[id]?.(...args.map(build)))
}

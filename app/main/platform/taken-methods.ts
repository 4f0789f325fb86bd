/** Which methods a path takes, for those who come with another. */
export function createTakenMethods() {
  const routes = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>()
  return {
    add({ url, method }: { readonly url: string; readonly method: string | readonly string[] }): void {
      const pattern = () => new RegExp(`^${url.replace(/:\w+/g, '[^/]+')}$`)
      const route = routes.get(url) ?? { pattern: pattern(), methods: new Set() }
      for (const one of [method].flat()) route.methods.add(one)
      routes.set(url, route)
    },
    /** As an Allow header has them; empty for a path that nothing answers. */
    of(path: string): string {
      const methods = new Set<string>()
      for (const { pattern, methods: some } of routes.values())
        if (pattern.test(path)) for (const method of some) methods.add(method)
      return [...methods].sort().join(', ')
    },
  }
}

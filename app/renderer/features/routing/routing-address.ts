/** The addresses of the page: `#/routing/FEATURE/TAB`. */
export type RoutingTab = 'ask' | 'decisions' | 'replay' | 'history'
export const routingTabs: readonly RoutingTab[] = ['ask', 'decisions', 'replay', 'history']

export const routingPath = (feature: string, tab: RoutingTab = 'ask'): string =>
  `/routing/${encodeURIComponent(feature)}${tab === 'ask' ? '' : `/${tab}`}`

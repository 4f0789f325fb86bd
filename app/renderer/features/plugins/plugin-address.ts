/** The addresses of the page: `#/plugins/ID/TAB`, and below the tools one of them. */
export type PluginTab = 'tools' | 'versions' | 'findings' | 'configuration' | 'calls' | 'test'
/** Opens the drawer of a plugin at a tab, of the tools at one operation. */
export type OpenPlugin = (id: string, tab: PluginTab, operation?: string) => void

/** An id may be anything that its package says, so it is packed into the address. */
export function pluginPath(id: string, tab: PluginTab, operation?: string): string {
  const path = `/plugins/${encodeURIComponent(id)}/${tab}`
  return operation === undefined ? path : `${path}/${encodeURIComponent(operation)}`
}

/** A part of an address as it was before `pluginPath` packed it; one that was typed wrong stands for itself. */
export function unpacked(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

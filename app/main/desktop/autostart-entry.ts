/** A desktop entry as the freedesktop specification asks: each word quoted, and then escaped as any string of the file. */
export function autostartEntry(program: string, args: readonly string[]): string {
  const quoted = (word: string) => {
    const escaped = word.replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%')
    return `"${escaped.replaceAll('\\', '\\\\')}"`
  }
  return `[Desktop Entry]
Type=Application
Name=Pilothouse
Name[zh_CN]=驾驶舱
Exec=${[program, ...args].map(quoted).join(' ')}
Terminal=false
X-GNOME-Autostart-enabled=true
`
}

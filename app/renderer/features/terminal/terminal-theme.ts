import type { ITheme } from '@xterm/xterm'

const light = {
  black: '#1a2126',
  red: '#a81f18',
  green: '#0a6345',
  yellow: '#7a4c00',
  blue: '#2f4bab',
  magenta: '#8a2a86',
  cyan: '#005d6d',
  white: '#8a969e',
  brightBlack: '#56626a',
  brightRed: '#b3261e',
  brightGreen: '#0f6b4d',
  brightYellow: '#805000',
  brightBlue: '#3a59bd',
  brightMagenta: '#99359a',
  brightCyan: '#006576',
  brightWhite: '#46525a',
}
const dark = {
  black: '#2a3238',
  red: '#ff8a80',
  green: '#5fd3a6',
  yellow: '#e6b450',
  blue: '#93abff',
  magenta: '#e79be3',
  cyan: '#62cfe2',
  white: '#d8dfe3',
  brightBlack: '#98a4ac',
  brightRed: '#ffa59d',
  brightGreen: '#7fe0bb',
  brightYellow: '#f2c86f',
  brightBlue: '#adc0ff',
  brightMagenta: '#f0b5ed',
  brightCyan: '#86dcea',
  brightWhite: '#ffffff',
}

/** The theme of a terminal at this place of the page: its tokens for the paper and the ink, our sixteen for the rest. */
export function terminalTheme(place: HTMLElement): ITheme {
  const resolve = (token: string): string => {
    // A token is `light-dark(…)`; only a real property makes the browser choose.
    const probe = document.createElement('span')
    probe.style.color = `var(${token})`
    place.append(probe)
    const { color } = getComputedStyle(probe)
    probe.remove()
    return color
  }
  const background = resolve('--surface-1')
  return {
    background,
    foreground: resolve('--text-1'),
    cursor: resolve('--accent'),
    cursorAccent: background,
    selectionBackground: resolve('--accent-soft'),
    ...(isDark(background) ? dark : light),
  }
}

/** Of `rgb(r, g, b)`. */
export function isDark(color: string): boolean {
  const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map(Number)
  return red * 0.299 + green * 0.587 + blue * 0.114 < 128
}

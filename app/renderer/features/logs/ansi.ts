/** How a stretch of a line looks: classes for the sixteen colours of the theme, exact values for the others. */
export interface Look {
  readonly classNames: readonly string[]
  readonly color?: string
  readonly background?: string
}
export interface Stretch {
  readonly start: number
  readonly end: number
  readonly look: Look
}
/** A line without its escape sequences, and the stretches that have a look of their own. */
export interface AnsiText {
  readonly plain: string
  readonly stretches: readonly Stretch[]
}

const ESCAPE = '\u001b'
// CSI sequences, OSC up to BEL or ST, and the short ones. Every repeat is over disjoint characters, so it is linear.
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what it looks for
const SEQUENCE = /\u001b(?:\[([0-9:;<=>?]*)[ -/]*([@-~])|\][^\u001b\u0007␇]*(?:\u001b\\|[\u0007␇])?|[ -/]*[0-~]?)/g

const NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white']

interface Pen {
  bold: boolean
  dim: boolean
  italic: boolean
  underline: boolean
  strike: boolean
  inverse: boolean
  color: string | null
  background: string | null
}
const freshPen = (): Pen => ({
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  strike: false,
  inverse: false,
  color: null,
  background: null,
})

export function parseAnsi(text: string): AnsiText {
  if (!text.includes(ESCAPE)) return { plain: text, stretches: [] }
  const stretches: Stretch[] = []
  let plain = ''
  let pen = freshPen()
  let from = 0
  const take = (end: number) => {
    if (end <= from) return
    const start = plain.length
    plain += text.slice(from, end)
    const look = lookOf(pen)
    if (look) stretches.push({ start, end: plain.length, look })
  }
  for (const match of text.matchAll(SEQUENCE)) {
    take(match.index)
    from = match.index + match[0].length
    if (match[2] === 'm') pen = apply(pen, match[1] ?? '')
  }
  take(text.length)
  return { plain, stretches }
}

function apply(before: Pen, parameters: string): Pen {
  const pen = { ...before }
  // 38:2::R:G:B and 38;2;R;G;B mean the same; the empty colour space of the first form is left out.
  const codes = parameters
    .replace(/([34]8:2):[0-9]*:(?=[0-9]+:[0-9]+:[0-9]+)/g, '$1:')
    .split(/[;:]/)
    .map(Number)
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!
    if (code === 0) Object.assign(pen, freshPen())
    else if (code === 1) pen.bold = true
    else if (code === 2) pen.dim = true
    else if (code === 3) pen.italic = true
    else if (code === 4) pen.underline = true
    else if (code === 7) pen.inverse = true
    else if (code === 9) pen.strike = true
    else if (code === 22) Object.assign(pen, { bold: false, dim: false })
    else if (code === 23) pen.italic = false
    else if (code === 24) pen.underline = false
    else if (code === 27) pen.inverse = false
    else if (code === 29) pen.strike = false
    else if (code >= 30 && code <= 37) pen.color = NAMES[code - 30]!
    else if (code >= 90 && code <= 97) pen.color = `bright-${NAMES[code - 90]}`
    else if (code >= 40 && code <= 47) pen.background = NAMES[code - 40]!
    else if (code >= 100 && code <= 107) pen.background = `bright-${NAMES[code - 100]}`
    else if (code === 39) pen.color = null
    else if (code === 49) pen.background = null
    else if (code === 38 || code === 48) {
      const [color, used] = extended(codes, i + 1)
      if (code === 38) pen.color = color ?? pen.color
      else pen.background = color ?? pen.background
      i += used
    }
  }
  return pen
}

/** `5;N` of the 256 colours or `2;R;G;B`; also how many codes it took. */
function extended(codes: readonly number[], at: number): [color: string | null, used: number] {
  const byte = (n: number | undefined) => n !== undefined && n >= 0 && n <= 255
  if (codes[at] === 5) return [byte(codes[at + 1]) ? indexed(codes[at + 1]!) : null, 2]
  if (codes[at] !== 2) return [null, 0]
  const rgb = codes.slice(at + 1, at + 4)
  return [rgb.length === 3 && rgb.every(byte) ? `rgb(${rgb.join(' ')})` : null, 4]
}

function indexed(n: number): string {
  if (n < 8) return NAMES[n]!
  if (n < 16) return `bright-${NAMES[n - 8]}`
  if (n >= 232) {
    const grey = 8 + (n - 232) * 10
    return `rgb(${grey} ${grey} ${grey})`
  }
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40)
  const cube = n - 16
  return `rgb(${level(Math.floor(cube / 36))} ${level(Math.floor(cube / 6) % 6)} ${level(cube % 6)})`
}

function lookOf(pen: Pen): Look | null {
  const [color, background] = pen.inverse
    ? [pen.background ?? 'inverse', pen.color ?? 'inverse']
    : [pen.color, pen.background]
  const classNames = (['bold', 'dim', 'italic', 'underline', 'strike'] as const).filter((name) => pen[name]) as string[]
  const exact: { color?: string; background?: string } = {}
  if (color?.startsWith('rgb')) exact.color = color
  else if (color) classNames.push(color)
  if (background?.startsWith('rgb')) exact.background = background
  else if (background) classNames.push(`on-${background}`)
  return classNames.length > 0 || exact.color || exact.background ? { classNames, ...exact } : null
}

import { readFile } from 'node:fs/promises'
import { z } from 'zod'

export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const coordinate = z.number().int().min(-100_000).max(100_000)
const size = z.number().int().min(1).max(100_000)

/** Where the window was, in device-independent pixels, when it was neither maximised nor full screen. */
export const WindowPlace = z.object({
  x: coordinate,
  y: coordinate,
  width: size,
  height: size,
  maximized: z.boolean(),
  fullScreen: z.boolean(),
})
export type WindowPlace = z.infer<typeof WindowPlace>

export const minimumSize = { width: 960, height: 600 }
export const usualSize = { width: 1280, height: 800 }

/** The remembered place; null when there is none or the file is not ours to understand. */
export async function readWindowPlace(file: string): Promise<WindowPlace | null> {
  try {
    const text = await readFile(file, 'utf8')
    return text.length > 10_000 ? null : WindowPlace.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/**
 * Where to open the window on the displays there are now (work areas, the primary one first). A place whose title bar
 * can still be grabbed is kept; any other is moved onto the display it overlaps most.
 */
export function placeWindow(saved: WindowPlace | null, displays: readonly [Rectangle, ...Rectangle[]]): Rectangle {
  const [primary] = displays
  if (!saved) return within(primary, { ...centred(primary), ...fitted(primary, usualSize) })
  const wanted = { x: saved.x, y: saved.y, width: saved.width, height: saved.height }
  const titleBar = { ...wanted, height: 32 }
  const reachable = displays.some((display) => overlap(display, titleBar) >= 120 * 24)
  const best = displays.reduce((a, b) => (overlap(b, wanted) > overlap(a, wanted) ? b : a))
  const sized = { ...wanted, ...fitted(best, wanted) }
  return reachable ? sized : within(best, sized)
}

function overlap(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return Math.max(0, width) * Math.max(0, height)
}

/** No larger than the display and no smaller than the page needs. */
const fitted = (display: Rectangle, wanted: { width: number; height: number }) => ({
  width: Math.max(minimumSize.width, Math.min(wanted.width, display.width)),
  height: Math.max(minimumSize.height, Math.min(wanted.height, display.height)),
})

const centred = (display: Rectangle) => ({
  x: display.x + Math.round((display.width - usualSize.width) / 2),
  y: display.y + Math.round((display.height - usualSize.height) / 2),
})

const within = (display: Rectangle, place: Rectangle): Rectangle => ({
  ...place,
  x: Math.max(display.x, Math.min(place.x, display.x + display.width - place.width)),
  y: Math.max(display.y, Math.min(place.y, display.y + display.height - place.height)),
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { placeWindow, readWindowPlace, type WindowPlace } from './window-place.ts'

const laptop = { x: 0, y: 25, width: 1440, height: 875 }
const beside = { x: 1440, y: 0, width: 2560, height: 1440 }
const place = (x: number, y: number, width = 1280, height = 800): WindowPlace => ({
  ...{ x, y, width, height },
  maximized: false,
  fullScreen: false,
})

test('a place stays while its title bar can be grabbed, and comes back on screen when not', () => {
  const large = place(1500, 100, 2400, 1300)
  expect({
    first: placeWindow(null, [laptop]),
    kept: placeWindow(large, [laptop, beside]),
    displayGone: placeWindow(large, [laptop]),
    hangingOut: placeWindow(place(-900, 300), [laptop]),
    aboveTheTop: placeWindow(place(100, -700), [laptop]),
    smallDisplay: placeWindow(null, [{ x: 0, y: 0, width: 800, height: 500 }]),
  }).toEqual({
    first: { x: 80, y: 63, width: 1280, height: 800 },
    kept: { x: 1500, y: 100, width: 2400, height: 1300 },
    displayGone: { x: 0, y: 25, width: 1440, height: 875 },
    hangingOut: { x: -900, y: 300, width: 1280, height: 800 },
    aboveTheTop: { x: 100, y: 25, width: 1280, height: 800 },
    smallDisplay: { x: 0, y: 0, width: 960, height: 600 },
  })
})

test('a file that is damaged, strange or absent is no place', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'place-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'window.json')
  const read = async (text: string) => {
    writeFileSync(file, text)
    return await readWindowPlace(file)
  }

  expect([
    await readWindowPlace(file),
    await read('{"x":1'),
    await read(JSON.stringify({ ...place(0, 0), width: 1e12 })),
    await read(JSON.stringify(place(5, 6))),
  ]).toEqual([null, null, null, place(5, 6)])
})

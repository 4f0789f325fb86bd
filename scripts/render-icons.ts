// Renders resources/icons/*.png from icon.svg and the tray's shapes; run by hand when they change.
import { readFileSync, writeFileSync } from 'node:fs'
import { chromium } from '@playwright/test'
import { browserLaunch } from '../tests/lib/browser.ts'

const folder = 'resources/icons'
const ring = (colour: string) =>
  `<g fill="none" stroke="${colour}" stroke-linecap="round"><circle cx="16" cy="16" r="7.5" stroke-width="3"/>
   <path stroke-width="2.5" d="M16 12V2M16 20V30M12 16H2M20 16H30M13 13L6.5 6.5M19 13L25.5 6.5M13 19L6.5 25.5M19 19L25.5 25.5"/></g>`
// The state is a shape and a colour, on a cut-out so that it reads on light and dark panels alike.
const badge = (shape: string) => `<circle cx="23" cy="23" r="9" fill="#12343b"/>${shape}`
const states: Record<string, string> = {
  ok: '',
  warn: badge('<path d="M23 17L29 27.5H17Z" fill="#f2b544"/>'),
  fail: badge('<rect x="18" y="18" width="10" height="10" rx="1" fill="#ff7a70"/>'),
  unknown: badge(
    '<circle cx="23" cy="23" r="5" fill="none" stroke="#c9d3d6" stroke-width="2" stroke-dasharray="3 2.2"/>',
  ),
}

const browser = await chromium.launch(await browserLaunch())
async function render(svg: string, size: number, name: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: size, height: size } })
  await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`)
  writeFileSync(`${folder}/${name}.png`, await page.screenshot({ omitBackground: true }))
  await page.close()
}
await render(readFileSync(`${folder}/icon.svg`, 'utf8'), 512, 'icon')
for (const [state, shape] of Object.entries(states)) {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="16" fill="#12343b"/>${ring('#e9f2f1')}${shape}</svg>`
  await render(svg, 16, `tray-${state}`)
  await render(svg, 32, `tray-${state}@2x`)
}
await browser.close()

import type { FakeSpec } from '../../app/main/docker/fake-containers.ts'
import { startScriptedMain } from '../../tests/lib/scripted-main.ts'
import type { Figure } from '../lib/figure.ts'
import { openPage } from '../lib/page.ts'

/** 30,000 stopped and 300 running containers of a scripted engine: the page must stay at hand. */
export async function many(): Promise<Figure[]> {
  const specs: Record<string, FakeSpec> = {}
  for (let i = 0; i < 300; i++) specs[`run-${i}`] = { project: `stack-${i % 12}` }
  for (let i = 0; i < 30_000; i++) specs[`old-${i}`] = 'stopped'
  const main = await startScriptedMain(specs)
  const { page, close } = await openPage(main.url)
  try {
    await page.getByRole('link', { name: 'Services', exact: true }).waitFor()
    const opened = await page.evaluate(async () => {
      const link = [...document.querySelectorAll('a')].find((one) => /Services/.test(one.textContent ?? ''))!
      const from = performance.timeOrigin + performance.now()
      link.click()
      return (await window.painted(() => document.querySelectorAll('[role="row"][data-key]').length > 15)) - from
    })
    // While 200 changes a second arrive, scroll through the list and take the longest wait for a frame.
    let n = 0
    const storm = setInterval(() => {
      for (let i = 0; i < 20; i++) main.docker.set(`run-${n++ % 300}`, n % 2 ? 'stopped' : 'running', 'die')
    }, 100)
    const frames = await page.evaluate(
      () =>
        new Promise<number[]>((resolve) => {
          const grid = document.querySelector('[role="treegrid"]')!
          const waits: number[] = []
          let last = performance.now()
          const from = last
          const step = () => {
            const now = performance.now()
            waits.push(now - last)
            last = now
            grid.scrollTop += 400
            if (now - from < 5000) requestAnimationFrame(step)
            else resolve(waits)
          }
          requestAnimationFrame(step)
        }),
    )
    clearInterval(storm)
    return [
      { name: '30,300 services: page opened → rows on screen', unit: 'ms', runs: [opened], target: null },
      { name: '30,300 services, 200 changes/s, scrolling: frame', unit: 'ms', runs: frames.slice(1), target: null },
    ]
  } finally {
    await close()
    await main.stop()
  }
}

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import type { FakeSpec } from '../../app/main/docker/fake-containers.ts'
import type { DockerState } from '../../app/shared/contracts/docker.ts'
import { defaultSettings, type Settings } from '../../app/shared/contracts/settings.ts'
import { expectNoAxeFindings } from './axe.ts'
import { type PluginsPage, pluginsPage } from './pages/plugins-page.ts'
import { type ServicesPage, servicesPage } from './pages/services-page.ts'
import { platformState } from './platform-samples.ts'
import { type ScriptedMain, startScriptedMain } from './scripted-main.ts'
import { pictureTime, platform, readings } from './scripted-platform.ts'
import { appLogLines, auditEntries, hostInfo, platformImages, readyStore } from './scripted-platform-events.ts'

/** `npm test` leaves the tree as it is; only who asks for it writes the pictures of the documents anew. */
const writing = process.env['WRITE_SCREENSHOTS'] === '1'
const folder = writing ? 'docs/screenshots' : 'test-results/screenshots'

export interface Scene {
  readonly page: Page
  readonly main: ScriptedMain
  readonly services: ServicesPage
  readonly plugins: PluginsPage
}
/** `chinese` and `dark` picture it so too, `small` at the smallest size it works at; `containers` replaces the platform. */
export interface Look {
  readonly chinese?: boolean
  readonly dark?: boolean
  readonly small?: boolean
  /** The page hears nothing, so it stays in the language it began with; its theme follows the system. */
  readonly deaf?: boolean
  readonly containers?: () => Record<string, FakeSpec>
}

export const endpoint = 'unix:///var/run/docker.sock'
const ready: DockerState = {
  kind: 'ready',
  endpoint,
  chosenBy: 'default socket',
  version: '25.0.3',
  apiVersion: '1.44',
  operatingSystem: 'Debian GNU/Linux 12 (bookworm)',
  rootless: false,
}

/**
 * The faces of a state that are pictured or read. No rule of axe looks at theme and language together, so two readings
 * see both themes and both languages.
 */
function faces({ chinese = false, dark = false, deaf = false }: Look) {
  const all = [
    { theme: 'light', language: 'en', end: '', pictured: true, read: true },
    { theme: 'light', language: 'zh-CN', end: '-zh', pictured: chinese, read: false },
    { theme: 'dark', language: 'en', end: '-dark', pictured: dark, read: deaf },
    { theme: 'dark', language: 'zh-CN', end: '-zh-dark', pictured: false, read: !deaf },
  ] as const
  return all.filter(({ pictured, read }) => pictured || read)
}

/** One state of one page: arranged once, pictured, and looked through by axe in both themes and both languages. */
export function screen(name: string, look: Look, arrange: (scene: Scene) => Promise<void>): void {
  test(`${name}: pictured, and axe finds nothing`, async ({ page }) => {
    const main = await startScriptedMain((look.containers ?? platform)())
    try {
      tellOwnTimes(main)
      await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'light' })
      await page.clock.setFixedTime(pictureTime)
      await arrange({ page, main, services: servicesPage(page), plugins: pluginsPage(page) })

      for (const { theme, language, end, pictured, read } of faces(look)) {
        if (look.deaf) await page.emulateMedia({ colorScheme: theme })
        else await show(page, main, { theme, language })
        if (pictured) await picture(page, `${name}${end}`)
        if (read && !writing) await expectNoAxeFindings(page, `${name}, ${theme}, ${language}`)
      }
      if (look.small) {
        await page.setViewportSize({ width: 960, height: 600 })
        await show(page, main, { theme: 'light', language: 'en' })
        await picture(page, `${name}-small`)
      }
    } finally {
      await main.stop()
    }
  })
}

/** What main would date by its own clock is told with the times of the picture. */
function tellOwnTimes(main: ScriptedMain): void {
  const known = new Map(Object.keys(platform()).map((name) => [name, idOf(main, name)]))
  const entries = auditEntries(known.get('postgres') ?? '')
  main.emit('settings', 'updates', defaultSettings)
  main.emit('docker', 'state', ready)
  main.emit('platform', 'state', platformState())
  main.emit('store', 'state', readyStore)
  main.emit('appLog', 'lines', { kind: 'snapshot', lines: appLogLines })
  main.emit('audit', 'entries', { kind: 'snapshot', entries })
  main.emit('notices', 'updates', { notices: [] })
  main.emit('services', 'stats', { source: 'cgroup', samples: readings((name) => known.get(name) ?? '') })
  main.answer('audit', 'list', (input) => {
    const { targetId } = input as { targetId: string | null }
    return { entries: entries.filter((entry) => targetId === null || entry.targetId === targetId) }
  })
  main.answer('host', 'info', () => hostInfo)
  main.docker.images.push(...platformImages)
}
function idOf(main: ScriptedMain, name: string): string {
  try {
    return main.docker.id(name)
  } catch {
    return '' // another set of containers stands in for the platform
  }
}

async function show(page: Page, main: ScriptedMain, wanted: Pick<Settings, 'theme' | 'language'>): Promise<void> {
  main.emit('settings', 'updates', { ...defaultSettings, ...wanted })
  await expect(page.locator('html')).toHaveAttribute('lang', wanted.language)
  await expect(page.locator('html')).toHaveAttribute('data-theme', wanted.theme)
}

async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  await page.evaluate(() => document.fonts.ready)
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' })
}

import { expect, test } from '@playwright/test'
import { details, replayReport, testReport } from '../../lib/plugin-details-samples.ts'
import {
  finding,
  findings,
  imported,
  imports,
  manyPlugins,
  provenance,
  samplePlugins,
} from '../../lib/plugin-samples.ts'
import { type Scene, screen } from '../../lib/screens.ts'
import { before } from '../../lib/scripted-platform.ts'
import { scriptPlugins } from '../../lib/scripted-plugins.ts'

// Every state of the plugins page: what docs/screenshots shows and what axe reads.
test.use({ locale: 'en-GB', timezoneId: 'Asia/Shanghai' })
test.slow()

async function openList({ main, plugins }: Scene, rows = samplePlugins()) {
  const scripted = scriptPlugins(main, rows)
  await plugins.open(main.url)
  await expect(plugins.grid).toBeVisible()
  return scripted
}

screen('plugins', { chinese: true, dark: true, small: true }, async (scene) => {
  await openList(scene)
  await scene.plugins.grid.getByText('Uninstalled').click()
  await expect(scene.plugins.row('搜狐热闻')).toBeVisible()
})
screen('plugins-loading', {}, async ({ page, main, plugins }) => {
  main.silence('plugins', 'updates')
  await plugins.open(main.url)
  await expect(page.getByRole('main').getByRole('status', { name: 'Loading' })).toBeVisible()
})
screen('plugins-empty', { chinese: true }, async (scene) => {
  scriptPlugins(scene.main, [])
  await scene.plugins.open(scene.main.url)
  await expect(scene.page.getByRole('heading', { name: 'No plugins yet' })).toBeVisible()
})
screen('plugins-filtered-to-nothing', {}, async (scene) => {
  await openList(scene)
  await scene.plugins.filter.fill('state:error kind:curl')
  await expect(scene.page.getByText('Nothing matches the filter')).toBeVisible()
})
screen('plugins-thousand', {}, async (scene) => {
  await openList(scene, manyPlugins(1000))
  await expect(scene.plugins.row('plugin-0000')).toBeVisible()
})
screen('plugins-selection', { chinese: true }, async (scene) => {
  await openList(scene)
  for (const name of ['Weather', 'httpbin']) {
    await scene.page.getByRole('checkbox', { name: `Select ${name}`, exact: true }).click()
  }
  await expect(scene.page.getByText('2 selected')).toBeVisible()
})
screen('plugins-menu', {}, async (scene) => {
  await openList(scene)
  await scene.plugins.row('Weather').hover()
  await scene.page.getByRole('button', { name: 'Actions for Weather' }).click()
  await expect(scene.page.getByRole('menu')).toBeVisible()
})

const weather = { name: 'weather.yaml', text: 'openapi: 3.1.0' }
screen('plugins-drop', { chinese: true, dark: true }, async (scene) => {
  await openList(scene)
  await scene.plugins.dragIn([weather])
  await expect(scene.page.getByText('Drop to read the package')).toBeVisible()
})
screen('plugins-uploading', { chinese: true }, async (scene) => {
  const scripted = await openList(scene)
  scripted.hold()
  const over = await scene.plugins.dragIn([
    { name: 'weather.yaml', text: 'x'.repeat(900_000) },
    { name: 'embeddings-2.2.0.xpkg', text: 'PK' },
  ])
  await over.drop()
  await expect(scene.plugins.uploads.getByText('waits for its turn')).toBeVisible()
})
screen('plugins-review', { chinese: true, dark: true }, async (scene) => {
  const scripted = await openList(scene)
  scripted.reads((name) =>
    imports({
      name,
      kind: 'coze',
      plugins: [
        imported({ provenance: provenance({ at: before(2000), fileCount: 19, sizeBytes: 913_402 }) }),
        imported({
          id: 'gaode_map',
          versionId: 31,
          name: '高德地图',
          version: 'v1.0.1',
          replaces: null,
          author: '',
          warningCount: 0,
          state: 'waiting',
        }),
        imported({
          id: 'old',
          versionId: 32,
          name: 'Old CRM',
          version: 'v0.9.1',
          toolCount: 31,
          callableCount: 0,
          errorCount: 31,
          replaces: null,
          state: 'error',
        }),
        imported({
          id: 'lark',
          versionId: 33,
          name: '飞书日历',
          version: 'v1.0.0',
          provenance: provenance({ foreign: true }),
          replaces: 'v0.9.0',
        }),
        imported({ id: 'sky', versionId: 34, name: '天眼查', version: 'v1.0.0', unchanged: true, replaces: 'v1.0.0' }),
      ],
      findings,
    }),
  )
  await (await scene.plugins.dragIn([{ name: 'coze-plugins.zip', text: 'PK' }])).drop()
  await expect(scene.plugins.dialog.getByText('高德地图')).toBeVisible()
})
screen('plugins-review-nothing', { chinese: true }, async (scene) => {
  const scripted = await openList(scene)
  scripted.reads((name) =>
    imports({
      name,
      kind: null,
      plugins: [],
      findings: [
        finding({
          severity: 'error',
          code: 'ARCHIVE_PATH_UNSAFE',
          details: {},
          file: '../../etc/cron.d/plugin',
          line: null,
          column: null,
          path: '',
          fixable: false,
        }),
        finding({
          severity: 'error',
          code: 'ARCHIVE_RATIO',
          details: { most: 100 },
          file: 'zeros.bin',
          line: null,
          column: null,
          path: '',
          fixable: false,
        }),
        finding({
          severity: 'error',
          code: 'PACKAGE_NOT_RECOGNISED',
          details: {},
          file: '',
          line: null,
          column: null,
          path: '',
          fixable: false,
        }),
      ],
    }),
  )
  await (await scene.plugins.dragIn([{ name: 'evil.zip', text: 'PK' }])).drop()
  await expect(scene.plugins.dialog.getByText('Nothing in it can be used')).toBeVisible()
})

async function openDrawer(scene: Scene, tab: string, more: Parameters<typeof details>[0] = {}): Promise<void> {
  await openList(scene)
  scene.main.emit('plugins', 'details', { kind: 'details', details: details(more) })
  await scene.plugins.openTab('weather', tab)
  await expect(scene.plugins.drawer.getByRole('heading', { name: 'Weather' })).toBeVisible()
}
screen('plugin-versions', { chinese: true, dark: true }, async (scene) => {
  await openDrawer(scene, 'versions', { lastReplay: replayReport })
  await expect(scene.plugins.drawer.getByText('searchPlaces').first()).toBeVisible()
})
screen('plugin-findings', { chinese: true, dark: true }, async (scene) => {
  await openDrawer(scene, 'findings')
  await scene.plugins.drawer.getByRole('button', { name: /has no type/ }).click()
  await expect(scene.plugins.drawer.getByText('operationId: getHistory')).toBeVisible()
})
screen('plugin-configuration', { chinese: true, dark: true }, async (scene) => {
  await openDrawer(scene, 'configuration', {
    signIn: { kind: 'authorizationCode', since: null, until: null },
    watchedFolder: '/srv/plugins/weather',
  })
  scene.main.answer('plugins', 'beginSignIn', () => ({
    url: 'https://accounts.vendor.example/authorize?client_id=pilothouse&redirect_uri=http%3A%2F%2F127.0.0.1%3A8000%2Foauth&state=41e0',
  }))
  await scene.plugins.drawer.getByRole('button', { name: 'Sign in…' }).click()
  await expect(scene.plugins.drawer.getByText('https://accounts.vendor.example')).toBeVisible()
})
screen('plugin-models', { chinese: true, dark: true }, async (scene) => {
  const model = { kind: 'chat' as const, deprecated: false }
  const models = [
    { ...model, id: 'river-chat', label: 'River chat' },
    { ...model, id: 'river-chat-1', label: 'river-chat-1', deprecated: true },
  ]
  await openDrawer(scene, 'configuration', { models, configuration: [] })
  await expect(scene.plugins.drawer.getByRole('button', { name: 'Use through the gateway' })).toBeVisible()
})
screen('plugin-calls', { chinese: true }, async (scene) => {
  await openDrawer(scene, 'calls')
  await scene.plugins.drawer.getByRole('button', { name: /getForecast/ }).click()
  await expect(scene.plugins.drawer.getByText('Hangzhou').last()).toBeVisible()
})
screen('plugin-test', { chinese: true }, async (scene) => {
  await openDrawer(scene, 'test', { lastTest: testReport })
  await expect(scene.plugins.drawer.getByText('75 %')).toBeVisible()
})
screen('plugin-test-dialog', { chinese: true }, async (scene) => {
  await openDrawer(scene, 'test')
  await scene.plugins.drawer.getByRole('button', { name: 'Test endpoints…' }).click()
  await scene.plugins.dialog.getByRole('checkbox', { name: /createAlert/ }).click()
  await expect(scene.plugins.dialog.getByRole('checkbox', { name: /createAlert/ })).toBeChecked()
})
screen('plugins-watched-folders', { chinese: true }, async (scene) => {
  await openList(scene)
  scene.main.emit('plugins', 'watchedFolders', {
    folders: [
      { path: '/srv/plugins/weather', readAt: before(90_000), pluginCount: 1, failure: null, findings: [] },
      {
        path: '/srv/plugins/crm',
        readAt: before(4 * 60_000),
        pluginCount: 2,
        failure: { code: 'PACKAGE_NOTHING_FOUND', details: { name: 'crm', count: 1 } },
        findings: [
          finding({
            severity: 'error',
            code: 'YAML_SYNTAX',
            details: { reason: 'a mapping was expected' },
            file: 'plugin_meta.yaml',
            line: 12,
            column: 3,
            fixable: false,
          }),
        ],
      },
    ],
  })
  await scene.page.getByRole('button', { name: 'More' }).click()
  await scene.page.getByRole('menuitem', { name: 'Watched folders…' }).click()
  await expect(scene.plugins.dialog.getByText('plugin_meta.yaml:12:3')).toBeVisible()
})
screen('plugins-restore-backup', {}, async (scene) => {
  await openList(scene)
  scene.main.answer('plugins', 'restoreBackup', () => ({
    createdAt: before(3 * 86_400_000),
    added: ['old_crm', 'sohu_hot_news'],
    replaced: ['weather'],
    unreadableSecrets: 2,
  }))
  await scene.page.getByRole('button', { name: 'More' }).click()
  const chooser = scene.page.waitForEvent('filechooser')
  await scene.page.getByRole('menuitem', { name: 'Restore a backup…' }).click()
  await (await chooser).setFiles({
    name: 'plugins-2026-03-15.zip',
    mimeType: 'application/zip',
    buffer: Buffer.from('PK'),
  })
  await expect(scene.plugins.dialog.getByText('2 plugins come back')).toBeVisible()
})

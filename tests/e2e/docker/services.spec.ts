import { spawnSync } from 'node:child_process'
import { expect, test } from '@playwright/test'
import { type ConsoleProcess, startConsole } from '../../lib/console.ts'
import {
  docker,
  dockerMissing,
  ensureTestImage,
  removeTestContainers,
  runContainer,
  testName,
} from '../../lib/docker.ts'
import { servicesPage } from '../../lib/pages/services-page.ts'

const missing = dockerMissing()
test.skip(missing !== null, missing ?? '')

let console_: ConsoleProcess
test.beforeEach(async () => {
  ensureTestImage()
  removeTestContainers()
  console_ = await startConsole()
})
test.afterEach(async () => {
  await console_.stop()
  removeTestContainers()
})

const project = testName('hub')
const compose = (service: string) => [
  '--label',
  `com.docker.compose.project=${project}`,
  '--label',
  `com.docker.compose.service=${service}`,
]
const inspect = (id: string, format: string) => docker('inspect', '-f', format, id)

test('containers stand in their Compose project, one that dies says why, and one click brings it back', async ({
  page,
}) => {
  const id = runContainer('web', ['sleep', '1000'], ...compose('web'))
  runContainer('db', ['sleep', '1000'], ...compose('db'))
  const services = servicesPage(page)
  await services.open(console_.url)
  await services.filter.fill(project)
  await expect(services.group(project)).toContainText('2')
  await expect.poll(services.names).toEqual([testName('db'), testName('web')])

  docker('kill', id)
  await expect(services.row(testName('web'))).toContainText('exited (137)')
  await services.row(testName('web')).hover()
  await page.getByRole('button', { name: `Restart ${testName('web')}` }).click()
  await expect.poll(() => inspect(id, '{{.State.Running}}')).toBe('true')
  await expect(services.row(testName('web'))).toContainText('running')
})

test('a removal names the anonymous volume, and takes it only when told so', async ({ page }) => {
  const id = runContainer('store', ['sleep', '1000'], '-v', '/data', '--stop-timeout', '0')
  const volume = inspect(id, '{{(index .Mounts 0).Name}}')
  const services = servicesPage(page)
  const name = testName('store')
  await services.open(console_.url)
  await services.choose(name, 'Remove…')
  await expect(services.dialog).toContainText(`${volume.slice(0, 12)} at /data, without an owner`)
  await services.dialog.getByRole('checkbox', { name: 'Also remove 1 anonymous volume' }).click()
  await services.dialog.getByRole('textbox', { name: `Type ${name} to confirm` }).fill(name)
  await services.dialog.getByRole('button', { name: 'Remove' }).click()
  await expect(services.row(name)).toHaveCount(0)
  expect(spawnSync('docker', ['volume', 'inspect', volume]).status).not.toBe(0)
})

test('a hidden variable is revealed on request, and that is written down', async ({ page }) => {
  const id = runContainer('secret', ['sleep', '1000'], '-e', 'API_TOKEN=tell-nobody', '-e', 'PLAIN=seen')
  const services = servicesPage(page)
  await services.open(console_.url)
  await expect(services.row(testName('secret'))).toBeVisible()
  await services.openTab(id, 'configuration')
  await expect(services.drawer).toContainText('seen')
  await expect(services.drawer).not.toContainText('tell-nobody')
  await services.drawer.getByRole('button', { name: 'Reveal API_TOKEN' }).click()
  await expect(services.drawer).toContainText('tell-nobody')
  await services.openTab(id, 'changes')
  await expect(services.drawer).toContainText(`Reveal variables of ${testName('secret')}: API_TOKEN`)
  await expect(services.drawer).not.toContainText('tell-nobody')
})

test('rename and its undo, pause and resume, and the restart policy reach the engine', async ({ page }) => {
  const id = runContainer('web', ['sleep', '1000'])
  const services = servicesPage(page)
  const name = testName('web')
  await services.open(console_.url)
  await services.choose(name, 'Rename…')
  await services.dialog.getByRole('textbox', { name: 'New name' }).fill(`${name}-2`)
  await services.dialog.getByRole('button', { name: 'Rename' }).click()
  await expect(services.row(`${name}-2`)).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(services.row(name)).toBeVisible()
  expect(inspect(id, '{{.Name}}')).toBe(`/${name}`)

  await services.row(name).focus()
  await page.keyboard.press('p')
  await expect(services.row(name)).toContainText('paused')
  expect(inspect(id, '{{.State.Paused}}')).toBe('true')
  await page.keyboard.press('p')
  await expect(services.row(name)).toContainText('running')

  await page.keyboard.press('Enter')
  await services.drawer.getByRole('button', { name: 'Change' }).click()
  await services.drawer.getByRole('combobox', { name: 'Restart policy' }).click()
  await page.getByRole('option', { name: 'on failure' }).click()
  await services.drawer.getByRole('spinbutton', { name: 'At most' }).fill('4')
  await services.drawer.getByRole('button', { name: 'Save' }).click()
  await expect(services.drawer).toContainText('on failure, at most 4 times')
  expect(inspect(id, '{{json .HostConfig.RestartPolicy}}')).toBe('{"Name":"on-failure","MaximumRetryCount":4}')
})

test('a recreate puts a new container in the place of the old one, with its configuration', async ({ page }) => {
  const id = runContainer('web', ['sleep', '1000'], '-e', 'PLAIN=seen', '--stop-timeout', '0')
  const services = servicesPage(page)
  const name = testName('web')
  await services.open(console_.url)
  await services.row(name).click()
  await services.choose(name, 'Recreate…')
  await services.dialog.getByRole('button', { name: 'Recreate' }).click()
  await expect(services.drawer).toContainText('was removed', { timeout: 30_000 })
  await services.drawer.getByRole('link', { name: `Open the new ${name}` }).click()
  await expect(services.drawer.getByRole('heading', { name })).toBeVisible()
  expect(inspect(name, '{{.Id}}')).not.toBe(id)
  expect(inspect(name, '{{json .Config.Env}}')).toContain('PLAIN=seen')
})

import { expect, test } from '@playwright/test'
import { fakeCrowd } from '../../../app/main/docker/fake-containers.ts'
import { servicesPage } from '../../lib/pages/services-page.ts'
import { hub } from '../../lib/scripted-hub.ts'
import { type ScriptedMain, startScriptedMain } from '../../lib/scripted-main.ts'

let main: ScriptedMain | null = null
test.afterEach(async () => {
  await main?.stop()
  main = null
})
const start = async (containers: Parameters<typeof startScriptedMain>[0]) => {
  main = await startScriptedMain(containers)
  return main
}

test('an engine without containers says what would be here', async ({ page }) => {
  const { url } = await start({})
  const services = servicesPage(page)
  await services.open(url)
  await expect(page.getByRole('heading', { name: 'No containers yet' })).toBeVisible()
})

test('a part of the page that did not arrive is fetched again', async ({ page }) => {
  const { url } = await start(hub())
  let dropped = 0
  await page.route('**/ServicesPage*', (route) => (dropped++ === 0 ? route.abort('connectionreset') : route.continue()))
  const services = servicesPage(page)
  await services.open(url)
  await expect(services.row('redis')).toBeVisible()
  expect(dropped).toBeGreaterThan(1)
})

test('an engine that was never reached says why, what to do, and tries again at once', async ({ page }) => {
  const { url, docker } = await start({})
  docker.goUnreachable('connect ENOENT')
  const services = servicesPage(page)
  await services.open(url)
  await expect(page.getByRole('alert')).toContainText('Docker does not answer at unix:///fake.sock: connect ENOENT')
  await expect(page.getByRole('alert')).toContainText('Start Docker')
  await page.getByRole('main').getByRole('button', { name: 'Try again now' }).click()
  await expect.poll(() => docker.calls).toContain('reconnect')
  docker.connecting()
  await expect(page.getByRole('heading', { name: 'Connecting to Docker' })).toBeVisible()
  docker.add('db', 'running')
  docker.comeBack()
  await expect(services.row('db')).toBeVisible()
})

test('a refused user and an engine too old have faces of their own', async ({ page }) => {
  const { url, docker } = await start({})
  const failed = { kind: 'failed', endpoint: 'unix:///fake.sock', since: 0, retryAt: 0 } as const
  docker.setState({ ...failed, code: 'DOCKER_FORBIDDEN', details: { endpoint: 'unix:///fake.sock' } })
  await servicesPage(page).open(url)
  await expect(page.getByRole('alert')).toContainText('Add your user to the docker group')
  docker.setState({ ...failed, code: 'DOCKER_TOO_OLD', details: { version: '19.03', api: '1.40' } })
  await expect(page.getByRole('alert')).toContainText('Docker 19.03 speaks API 1.40')
})

test('when Docker goes away the last list stays, marked as old, and comes back to life', async ({ page }) => {
  const { url, docker } = await start(hub())
  const services = servicesPage(page)
  await services.open(url)
  await expect(services.row('redis')).toBeVisible()
  docker.goUnreachable()
  await expect(page.getByRole('alert')).toContainText('This list is from')
  await expect(services.row('redis')).toBeVisible()
  docker.drop('redis')
  docker.comeBack()
  await expect(page.getByRole('alert')).toHaveCount(0)
  await expect(services.row('redis')).toHaveCount(0)
})

test('30,000 stopped and 300 running containers leave the page usable while they change', async ({ page }) => {
  test.setTimeout(180_000)
  const { url, docker } = await start(fakeCrowd(30_300, 300))
  const services = servicesPage(page)
  await services.open(url)
  await expect(services.row('service-00000')).toBeVisible({ timeout: 60_000 })
  let flip = 0
  const churn = setInterval(() => {
    for (let i = 0; i < 20; i++) {
      const name = `service-${String((flip * 20 + i) % 300).padStart(5, '0')}`
      docker.set(name, flip % 2 === 0 ? 'paused' : 'running', flip % 2 === 0 ? 'pause' : 'unpause')
    }
    flip++
  }, 200)
  try {
    await expect.poll(() => flip).toBeGreaterThan(2)
    await services.filter.fill('service-30299')
    await expect.poll(services.names).toEqual(['service-30299'])
    await services.row('service-30299').click()
    await expect(services.drawer.getByRole('heading', { name: 'service-30299' })).toBeVisible()
    await page.keyboard.press('Escape')
    await services.filter.fill('')
    await expect(services.row('service-00000')).toBeVisible()
    await services.grid.press('End')
    await expect(services.row('service-30299')).toBeVisible()
  } finally {
    clearInterval(churn)
  }
})

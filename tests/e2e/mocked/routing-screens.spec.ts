import { expect, test } from '@playwright/test'
import { AppError } from '../../../app/shared/errors.ts'
import { type RoutingPage, routingPage } from '../../lib/pages/routing-page.ts'
import { decide, routeKeys, sampleFeatures, thousandCandidates } from '../../lib/routing-samples.ts'
import { type Scene, screen } from '../../lib/screens.ts'
import { type ScriptedRouting, scriptRouting } from '../../lib/scripted-routing.ts'

// Every state of the routing page: what docs/screenshots shows and what axe reads.
test.use({ locale: 'en-GB', timezoneId: 'Asia/Shanghai' })
test.slow()

type Opened = { readonly routing: RoutingPage; readonly scripted: ScriptedRouting }
async function open({ main, page }: Scene, tab = ''): Promise<Opened> {
  const scripted = scriptRouting(main)
  scripted.stand('text_generation')
  const routing = routingPage(page)
  await routing.open(main.url, 'text_generation', tab)
  await expect(routing.card('gpt-4.1', 'openai-main')).toBeVisible()
  return { routing, scripted }
}
/** Changes the route without saving it: the second model goes before the first. */
async function change({ routing }: Opened): Promise<void> {
  await routing.cardButton('gpt-4.1-mini', 'openai-main').press('Alt+ArrowUp')
  await expect(routing.button('Save')).toBeVisible()
}

screen('routing', { chinese: true, dark: true, small: true }, async (scene) => {
  const { routing } = await open(scene)
  await routing.button('Ask').click()
  await expect(scene.page.getByText('openai-main at OpenAI is asked first, with gpt-4.1.')).toBeVisible()
})
screen('routing-loading', {}, async ({ main, page }) => {
  main.silence('routing', 'updates')
  await routingPage(page).open(main.url)
  await expect(page.getByRole('main').getByRole('status', { name: 'Loading' })).toBeVisible()
})
screen('routing-empty', { chinese: true }, async ({ main, page }) => {
  scriptRouting(main, { features: [] })
  await routingPage(page).open(main.url, '')
  await expect(page.getByRole('heading', { name: 'No features' })).toBeVisible()
})
screen('routing-no-candidates', { chinese: true }, async ({ main, page }) => {
  scriptRouting(main)
  await routingPage(page).open(main.url, 'text_to_speech')
  await expect(page.getByRole('heading', { name: 'No candidates' })).toBeVisible()
})
screen('routing-thousand', {}, async ({ main, page }) => {
  const { feature, keys } = thousandCandidates()
  scriptRouting(main, { features: [feature], keys }).stand('many')
  const routing = routingPage(page)
  await routing.open(main.url, 'many')
  await expect(routing.card('model-000', 'key-0')).toBeVisible()
})
screen('routing-draft', { chinese: true, dark: true, small: true }, async (scene) => {
  const opened = await open(scene)
  await change(opened)
  await opened.routing.button('Show the difference').click()
  await expect(scene.page.getByRole('region', { name: /From revision 12/ })).toBeVisible()
})
screen('routing-stale', { chinese: true }, async (scene) => {
  const opened = await open(scene)
  await change(opened)
  opened.scripted.elsewhere('text_generation', { strategy: 'round_robin' })
  await expect(opened.routing.button('Overwrite with mine')).toBeVisible()
})
screen('routing-candidate', { chinese: true, dark: true }, async (scene) => {
  const { routing } = await open(scene)
  await routing.cardButton('gpt-4.1', 'openai-main').click()
  await expect(routing.dialog.getByText(/3 keys stand for it/)).toBeVisible()
})
screen('routing-yaml', { chinese: true, dark: true, small: true }, async (scene) => {
  const { routing } = await open(scene)
  await routing.view('Both')
  await expect(routing.yaml).toHaveValue(/strategy: weighted/)
  await routing.yaml.fill((await routing.yaml.inputValue()).replace('weight: 70', 'weight: much'))
  await expect(scene.page.getByText(/Line 8: candidates\.0\.weight/)).toBeVisible()
})
screen('routing-nobody', { chinese: true, dark: true }, async (scene) => {
  scriptRouting(scene.main).stand('text_to_image')
  const image = sampleFeatures().find(({ name }) => name === 'text_to_image')!
  const decision = decide('text_to_image', image, routeKeys())
  scene.main.answer('routing', 'ask', () => ({ ...decision, selected: null, fallbacks: [] }))
  const routing = routingPage(scene.page)
  await routing.open(scene.main.url, 'text_to_image')
  await routing.button('Ask').click()
  await expect(scene.page.getByText('Nobody can be asked: the request is refused.')).toBeVisible()
})
screen('routing-refused', { chinese: true }, async (scene) => {
  const { routing } = await open(scene)
  scene.main.answer('routing', 'ask', () => {
    throw new AppError('PLATFORM_NOT_RUNNING', { reason: 'port 8000 is held by another program' })
  })
  await routing.button('Ask').click()
  await expect(scene.page.getByText('PLATFORM_NOT_RUNNING')).toBeVisible()
})
screen('routing-locked', { chinese: true, dark: true }, async (scene) => {
  scene.main.emit('vault', 'state', { state: { kind: 'locked' }, storage: 'key-file', hasPassphrase: true })
  const { routing } = await open(scene)
  scene.main.answer('routing', 'ask', () => {
    throw new AppError('KEY_VAULT_LOCKED')
  })
  await routing.button('Ask').click()
  await expect(routing.button('Unlock the vault…')).toBeVisible()
})
screen('routing-least-bad', { chinese: true }, async (scene) => {
  const { routing } = await open(scene)
  const generation = sampleFeatures().find(({ name }) => name === 'text_generation')!
  scene.main.answer('routing', 'ask', () => ({
    ...decide('text_generation', generation, routeKeys()),
    leastBad: true,
    fallbacks: [],
  }))
  await routing.button('Ask').click()
  await expect(scene.page.getByText(/Everything is resting/)).toBeVisible()
})
screen('routing-decisions', { chinese: true, dark: true, small: true }, async (scene) => {
  await open(scene, 'decisions')
  await scene.page
    .getByRole('button', { name: /asked to pause|2 attempts/ })
    .first()
    .click()
  await expect(scene.page.getByRole('heading', { name: 'Attempts' })).toBeVisible()
})
screen('routing-decisions-empty', {}, async (scene) => {
  const { scripted } = await open(scene)
  scripted.decides(() => [])
  await routingPage(scene.page).goTo('text_generation', 'decisions')
  await expect(scene.page.getByRole('heading', { name: 'No decisions yet' })).toBeVisible()
})
screen('routing-replay', { chinese: true, dark: true }, async (scene) => {
  const opened = await open(scene, 'replay')
  await change(opened)
  await opened.routing.button('Replay the kept decisions').click()
  await expect(scene.page.getByText('373 of 2,480 decisions would be decided otherwise (15 %).')).toBeVisible()
})
screen('routing-history', { chinese: true, dark: true }, async (scene) => {
  await open(scene, 'history')
  await scene.page
    .getByRole('button', { name: /revision 9/ })
    .first()
    .click()
  await expect(scene.page.getByRole('region', { name: 'Changes of revision 9' })).toBeVisible()
})

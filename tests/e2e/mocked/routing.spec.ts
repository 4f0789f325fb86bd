import { expect, test } from '@playwright/test'
import type { KeyFacts } from '../../../app/shared/contracts/keys.ts'
import { AppError } from '../../../app/shared/errors.ts'
import { keyTest } from '../../lib/keys-samples.ts'
import { typeIntoPalette } from '../../lib/pages/open.ts'
import { routingPage } from '../../lib/pages/routing-page.ts'
import {
  candidate,
  decide,
  feature,
  routeKey,
  routeKeys,
  routeState,
  sampleDecisions,
  sampleFeatures,
  thousandCandidates,
} from '../../lib/routing-samples.ts'
import { type ScriptedMain, startScriptedMain } from '../../lib/scripted-main.ts'
import { pictureTime } from '../../lib/scripted-platform.ts'
import { scriptRouting } from '../../lib/scripted-routing.ts'

let main: ScriptedMain
test.beforeEach(async () => {
  main = await startScriptedMain()
})
test.afterEach(() => main.stop())
const lastRules = () => (main.inputsOf('routing.setFeature').at(-1) as { rules: { candidates: object[] } }).rules

/** text_generation with one key a vendor: each candidate is one card. */
function scriptPlain() {
  const keys = [
    routeKey('main', 'openai', 'gpt-4', 'primary', { kind: 'ready' }),
    routeKey('qwen', 'aliyun', 'qwen', 'backup', { kind: 'ready' }),
  ]
  const scripted = scriptRouting(main, { keys })
  scripted.stand('text_generation')
  return scripted
}

test('a route is a picture: tiers from left to right, each choice with its state, what has no key apart', async ({
  page,
}) => {
  const scripted = scriptRouting(main)
  scripted.stand('text_generation')
  const routing = routingPage(page)
  await routing.open(main.url, 'text_generation')
  await expect
    .poll(routing.order)
    .toEqual([
      'Tier primary: gpt-4.1 gpt-4.1 gpt-4.1-mini gpt-4.1-mini',
      'Tier backup: gpt-4.1 gpt-4.1-mini qwen-max qwen-max',
      'Tier last: sandbox-chat',
      'Without a key: llama3.3:70b',
    ])
  for (const [model, key, words] of [
    ['gpt-4.1', 'openai-main', ['35 %', 'ready', '3 calls running', '812 ms']],
    ['gpt-4.1', 'openai-team', ['cooling down', '6 of 20 failed']],
    ['gpt-4.1-mini', 'openai-main', ['ready', 'has reached its requests a minute', '1.5 s']],
    ['gpt-4.1', 'openai-old', ['benched: the vendor refuses the key']],
    ['qwen-max', 'qwen 备用', ['disabled: handed over to finance']],
    ['llama3.3:70b', 'no key', ['weight 100', 'Add a key']],
  ] as const) {
    for (const word of words) await expect(routing.card(model, key)).toContainText(word)
  }
  await expect(routing.link('embedding')).toContainText('1 candidate')
  await expect(routing.link('embedding').getByRole('img', { name: 'no key can be asked now' })).toBeVisible()
  await expect(page.locator('nav a[href="#/routing"]').getByRole('img')).toHaveAccessibleName(/^\d+ needs? attention$/)

  scripted.stand('text_generation', (state) => ({
    ...state,
    choices: state.choices.map((choice) => ({ ...choice, running: 7 })),
  }))
  await expect(routing.card('qwen-max', 'qwen 生产')).toContainText('7 calls running')
})

test('a card without a key adds one: the form knows what for, and comes back to the route with the key on it', async ({
  page,
}) => {
  const scripted = scriptRouting(main)
  scripted.stand('text_generation')
  main.answer('keys', 'tryOut', () => keyTest())
  main.answer('keys', 'add', (input) => {
    const { vendor, service, name, tier } = input as KeyFacts
    scripted.setKeys([...routeKeys(), routeKey(name, vendor, service, tier, { kind: 'ready' })])
    return { id: `key-${name}` }
  })
  const routing = routingPage(page)
  await routing.open(main.url, 'text_generation', 'history')
  const { dialog } = routing
  const addKey = () => routing.card('llama3.3:70b', 'no key').getByRole('link', { name: 'Add a key' }).click()
  await addKey()
  await expect(dialog.getByRole('combobox', { name: 'Vendor' })).toHaveText('OpenAI-compatible')
  await expect(dialog.getByLabel('Service', { exact: true })).toHaveValue('ollama')
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(/#\/routing\/text_generation\/history$/)
  await expect(dialog).toHaveCount(0)

  await addKey()
  await dialog.getByLabel('Base URL').fill('http://127.0.0.1:11434/v1')
  await dialog.getByLabel('Secret').fill('sk-test-ollama-0001')
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page).toHaveURL(/#\/routing\/text_generation\/history$/)
  await expect(routing.card('llama3.3:70b', 'openai-compatible-ollama')).toContainText('ready')
  await page.goBack()
  await expect(dialog).toHaveCount(0)
})

test('the list marks a feature by what the router says of it, also where keys bring what no rule names', async ({
  page,
}) => {
  const keys = [routeKey('main', 'openai', 'gpt-4', 'primary', { kind: 'cooling', until: pictureTime })]
  const scripted = scriptRouting(main, { features: [feature('chat', []), feature('rerank', [])], keys })
  const routing = routingPage(page)
  await routing.open(main.url, 'rerank')
  const mark = (words: string) => routing.link('chat').getByRole('img', { name: words })
  await expect(mark('has no key')).toBeVisible()
  await expect(routing.link('chat')).toContainText('0 candidates')
  const brought = [{ vendor: 'openai', service: 'gpt-4', model: 'gpt-6-luna' }] as const
  scripted.standings([{ name: 'chat', choices: 2, ready: 1, brought: [...brought] }])
  await expect(routing.link('chat')).toContainText('1 candidate')
  await expect(mark('some keys cannot be asked')).toBeVisible()
  scripted.standings([{ name: 'chat', choices: 2, ready: 0, brought: [] }])
  await expect(mark('no key can be asked now')).toBeVisible()
  await expect(page.locator('nav a[href="#/routing"]').getByRole('img')).toHaveAccessibleName('1 needs attention')
})

test('while the vault is locked a dry run says so, and is made once the vault was opened', async ({ page }) => {
  scriptPlain()
  const vault = (kind: 'locked' | 'open') =>
    main.emit('vault', 'state', { state: { kind }, storage: 'key-file', hasPassphrase: true })
  vault('locked')
  let locked = true
  main.answer('vault', 'unlock', () => {
    locked = false
    vault('open')
  })
  main.answer('routing', 'ask', (input) => {
    if (locked) throw new AppError('KEY_VAULT_LOCKED')
    const { feature: name } = input as { feature: string }
    return decide(name, sampleFeatures().find((one) => one.name === name)!, routeKeys(), { model: null, tokens: 1000 })
  })
  const routing = routingPage(page)
  await routing.open(main.url, 'text_generation')
  await routing.button('Ask').click()
  await expect(page.getByRole('alert').filter({ hasText: 'KEY_VAULT_LOCKED' })).toContainText('The vault is locked.')
  await routing.button('Unlock the vault…').click()
  await expect(page.getByLabel('Passphrase')).toBeFocused()
  await page.keyboard.type('correct horse')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Order' })).toBeVisible()
  await expect(page.getByLabel('Passphrase')).toHaveCount(0)
  await expect(routing.button('Ask')).toBeFocused()
})

test('without a mouse: move within a tier and into another, take out, edit, save, and take it back', async ({
  page,
}) => {
  scriptPlain()
  const routing = routingPage(page)
  await routing.open(main.url, 'text_generation')
  const press = (key: string) => page.keyboard.press(key)
  await routing.cardButton('gpt-4.1', 'main').focus()
  await press('Alt+ArrowDown')
  await expect(routing.cardButton('gpt-4.1', 'main')).toBeFocused()
  await expect(page.getByText('OpenAI · gpt-4.1: place 2 of 2 in primary')).toBeAttached()
  await press('Alt+ArrowRight')
  await expect(routing.cardButton('gpt-4.1', 'main')).toBeFocused()
  expect((await routing.order()).slice(0, 2)).toEqual(['Tier primary: gpt-4.1-mini', 'Tier backup: qwen-max gpt-4.1'])
  await press('ArrowUp')
  await expect(routing.cardButton('qwen-max', 'qwen')).toBeFocused()
  await press('Delete')
  await expect(routing.cardButton('gpt-4.1', 'main')).toBeFocused()
  await press('Enter')
  await routing.dialog.getByRole('textbox', { name: 'Weight' }).fill('5')
  await press('Enter')
  await expect(routing.dialog).toHaveCount(0)
  await routing.button('Save').press('Enter')

  await expect(page.getByText('Saved text_generation: revision 15')).toBeVisible()
  await expect(page.getByRole('heading', { name: 'text_generation' })).toBeFocused()
  expect(lastRules().candidates).toEqual([
    { vendor: 'openai', service: 'gpt-4', model: 'gpt-4.1-mini', tier: null, weight: 30 },
    { vendor: 'openai-compatible', service: 'ollama', model: 'llama3.3:70b', tier: null, weight: 100 },
    { vendor: 'sandbox', service: 'sandbox', model: 'sandbox-chat', tier: 'last', weight: 1 },
    { vendor: 'openai', service: 'gpt-4', model: 'gpt-4.1', tier: 'backup', weight: 5 },
  ])
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => main.inputsOf('routing.rollback')).toEqual([{ name: 'text_generation', revision: 12 }])
})

test('the focus stays in the route when the only card of a tier is taken out, and the last of all', async ({
  page,
}) => {
  const scripted = scriptPlain()
  const routing = routingPage(page)
  await routing.open(main.url, 'text_generation')
  await routing.cardButton('sandbox-chat', 'no key').press('Delete')
  await expect(routing.cardButton('sandbox-chat', 'no key')).toHaveCount(0)
  await expect(page.locator('[data-card]:focus')).toHaveCount(1)
  await routing.button('Discard').press('Enter')
  await expect(page.getByRole('heading', { name: 'text_generation' })).toBeFocused()

  scripted.stand('summarise_tickets', (state) => ({ ...state, choices: [] }))
  await routing.goTo('summarise_tickets')
  await routing.cardButton('gpt-4.1-mini', 'main').press('Delete')
  await expect(routing.button('Add candidate')).toBeFocused()
  await routing.button('Discard').press('Enter')
  scripted.stand('summarise_tickets')
  await expect(routing.card('gpt-4.1-mini', 'main')).toContainText('812 ms')
  await routing.cardButton('gpt-4.1-mini', 'main').press('Delete')
  // Its key brings it all the same.
  await expect(routing.card('gpt-4.1-mini', 'main')).toContainText('comes with its key')
  await expect(routing.cardButton('gpt-4.1-mini', 'main')).toBeFocused()
})

test('with the mouse: drag before another, into another tier, and into one that nobody is in', async ({ page }) => {
  const scripted = scriptPlain()
  const routing = routingPage(page)
  await routing.open(main.url, 'text_generation')
  await routing
    .card('gpt-4.1-mini', 'main')
    .dragTo(routing.card('gpt-4.1', 'main'), { targetPosition: { x: 40, y: 4 } })
  await expect.poll(routing.order).toContain('Tier primary: gpt-4.1-mini gpt-4.1')
  await routing.card('gpt-4.1', 'main').dragTo(routing.card('qwen-max', 'qwen'), { targetPosition: { x: 40, y: 4 } })
  await expect.poll(routing.order).toContain('Tier backup: gpt-4.1 qwen-max')
  await page.getByRole('button', { name: 'Discard' }).click()
  await expect.poll(routing.order).toContain('Tier primary: gpt-4.1 gpt-4.1-mini')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect.poll(routing.order).toContain('Tier backup: gpt-4.1 qwen-max')

  scripted.stand('summarise_tickets')
  await routing.goTo('summarise_tickets')
  await expect.poll(routing.order).toEqual(['Tier primary: gpt-4.1-mini'])
  const card = await routing.card('gpt-4.1-mini', 'main').boundingBox()
  await page.mouse.move(card!.x + 60, card!.y + 40)
  await page.mouse.down()
  await page.mouse.move(card!.x + 120, card!.y + 60, { steps: 4 })
  const ghost = await page.getByText('Drop to try it in backup').boundingBox()
  await page.mouse.move(ghost!.x + 20, ghost!.y + 20, { steps: 4 })
  await page.mouse.up()
  await expect.poll(routing.order).toEqual(['Tier backup: gpt-4.1-mini'])
})

test('form and YAML say the same: each writes the other, and a line that cannot be read is named', async ({ page }) => {
  scriptPlain()
  const routing = routingPage(page)
  await routing.open(main.url, 'text_generation')
  await routing.view('Both')
  await expect(routing.yaml).toHaveValue(/model: gpt-4\.1\n {4}tier: null\n {4}weight: 70/)
  await routing.cardButton('gpt-4.1', 'main').click()
  await routing.dialog.getByRole('textbox', { name: 'Tier' }).fill('backup')
  await routing.dialog.getByRole('button', { name: 'Apply' }).click()
  await expect(routing.yaml).toHaveValue(/model: gpt-4\.1\n {4}tier: backup\n {4}weight: 70/)

  const text = await routing.yaml.inputValue()
  await routing.yaml.fill(`# by hand\n${text.replace('weight: 70', 'weight: 70000')}`)
  await expect(page.getByText(/^Line 9: candidates\.0\.weight/)).toBeVisible()
  await expect(routing.button('Save')).toBeDisabled()
  await expect(page.getByText('Mend the YAML first: line 9 cannot be read.')).toBeVisible()
  await routing.yaml.fill(`# by hand\n${text.replace('weighted', 'round_robin').replace('weight: 70', 'weight: 7')}`)
  await expect(page.getByText('Can be read')).toBeVisible()
  await expect(page.getByText('Tiers are tried from left to right; within one: one after the other.')).toBeVisible()
  await expect(routing.yaml).toHaveValue(/^# by hand\n/)
  await routing.button('Save').click()
  await expect(page.getByText('Saved text_generation: revision 15')).toBeVisible()
  expect(lastRules()).toMatchObject({
    strategy: 'round_robin',
    candidates: [{ tier: 'backup', weight: 7 }, {}, {}, {}, {}],
  })
  await expect(routing.yaml).toHaveValue(/^description:/)
})

test('who was slower is told, and takes theirs or overwrites it', async ({ page }) => {
  const scripted = scriptPlain()
  const routing = routingPage(page)
  await routing.open(main.url, 'text_generation')
  const move = () => routing.cardButton('gpt-4.1-mini', 'main').press('Alt+ArrowUp')
  await move()
  scripted.elsewhere('text_generation', { description: 'theirs' })
  await expect(
    page.getByText('text_generation was changed meanwhile: local platform alice saved revision 15.'),
  ).toBeVisible()
  await page.getByRole('button', { name: 'Take theirs' }).click()
  await expect.poll(routing.order).toContain('Tier primary: gpt-4.1 gpt-4.1-mini')
  await expect(page.getByRole('textbox', { name: 'Description' })).toHaveValue('theirs')

  await move()
  scripted.elsewhere('text_generation', { description: 'theirs again' })
  await page.getByRole('button', { name: 'Show the difference' }).click()
  await expect(page.getByRole('region', { name: 'From revision 16 to your changes' })).toContainText('theirs again')
  await page.getByRole('button', { name: 'Overwrite with mine' }).click()
  await expect(page.getByText('Saved text_generation: revision 17')).toBeVisible()
  expect(main.inputsOf('routing.setFeature')).toMatchObject([{ revision: 16, rules: { description: 'theirs' } }])

  await routing.cardButton('gpt-4.1', 'main').press('Alt+ArrowUp')
  scripted.removeElsewhere('text_generation')
  await page.getByRole('button', { name: 'Save as a new feature' }).click()
  await expect.poll(() => main.inputsOf('routing.setFeature').at(-1)).toMatchObject({ revision: null })
})

test('a feature is made, given a candidate, saved and taken away again', async ({ page }) => {
  scriptPlain()
  const routing = routingPage(page)
  await routing.open(main.url, 'text_generation')
  await routing.button('New feature').click()
  const name = routing.dialog.getByRole('textbox', { name: 'Name' })
  await name.fill('chat')
  await page.keyboard.press('Enter')
  await expect(page.getByText('There is a feature of this name.')).toBeVisible()
  await name.fill('2fast')
  await expect(page.getByText(/^Use letters, digits and _/)).toBeVisible()
  await name.fill('translate')
  await page.keyboard.press('Enter')
  await expect(page.getByText('not saved yet', { exact: true })).toBeVisible()

  await routing.button('Add candidate').click()
  await routing.dialog.getByRole('textbox', { name: 'Service' }).fill('gpt-4')
  await expect(routing.dialog.getByText('1 key stands for it: main')).toBeVisible()
  await routing.dialog.getByRole('button', { name: 'Apply' }).click()
  await expect(routing.dialog.getByText('Needed.')).toBeVisible()
  await routing.dialog.getByRole('textbox', { name: 'Model' }).fill('gpt-4.1-nano')
  await routing.dialog.getByRole('button', { name: 'Apply' }).click()
  await expect(routing.card('gpt-4.1-nano', 'main')).toBeVisible()
  await routing.button('Save').click()
  await expect
    .poll(() => main.inputsOf('routing.setFeature'))
    .toEqual([
      {
        name: 'translate',
        revision: null,
        rules: {
          description: '',
          strategy: 'weighted',
          candidates: [{ vendor: 'openai', service: 'gpt-4', model: 'gpt-4.1-nano', tier: null, weight: 100 }],
        },
      },
    ])
  await routing.button('Actions for translate').click()
  await page.getByRole('menuitem', { name: 'Remove translate' }).click()
  await expect(page.getByText('Removed translate: its callers get 404 now')).toBeVisible()
  await expect(routing.link('translate')).toHaveCount(0)
})

test('a question is answered by the route or by the draft, with every reason in words', async ({ page }) => {
  const scripted = scriptRouting(main)
  scripted.stand('text_generation')
  const routing = routingPage(page)
  await routing.open(main.url, 'text_generation')
  await routing.button('Ask').click()
  await expect(page.getByText('openai-main at OpenAI is asked first, with gpt-4.1.')).toBeVisible()
  for (const sentence of [
    'OpenAI asked openai-team to pause (429).',
    'OpenAI refused the key openai-old. It waits for a test that succeeds.',
    'The key qwen 备用 is disabled.',
    'No key opens ollama at OpenAI-compatible.',
  ]) {
    await expect(page.getByText(sentence).first()).toBeVisible()
  }
  await routing.cardButton('gpt-4.1-mini', 'openai-main').press('Alt+ArrowUp')
  await page.getByRole('textbox', { name: 'Model', exact: true }).fill('gpt-4.1-mini')
  await page.getByRole('textbox', { name: 'Tokens' }).fill('5000')
  await routing.button('Ask').click()
  await expect(page.getByText('openai-main at OpenAI is asked first, with gpt-4.1-mini.')).toBeVisible()
  await expect(page.getByText(/by your changes/)).toBeVisible()
  expect(main.inputsOf('routing.ask')).toMatchObject([
    { feature: 'text_generation', model: null, tokens: 1000, draft: null },
    { model: 'gpt-4.1-mini', tokens: 5000, draft: { candidates: [{ model: 'gpt-4.1-mini' }, {}, {}, {}, {}] } },
  ])

  const generation = sampleFeatures().find(({ name }) => name === 'text_generation')!
  main.answer('routing', 'ask', () => ({ ...decide('text_generation', generation, routeKeys()), leastBad: true }))
  await routing.button('Ask').click()
  await expect(page.getByText(/Everything is resting\. The least bad one, openai-main, is tried once/)).toBeVisible()
  await page.getByRole('textbox', { name: 'Tokens' }).fill('many')
  await expect(routing.button('Ask')).toBeDisabled()
})

test('decisions tell what became of them, older ones come as one scrolls, of one feature or of all', async ({
  page,
}) => {
  scriptRouting(main).stand('text_generation')
  const routing = routingPage(page)
  await routing.open(main.url, 'text_generation', 'decisions')
  const log = page.getByRole('region', { name: 'Decisions' })
  const rows = log.getByRole('button', { expanded: false })
  await expect(rows).toHaveCount(50)
  await expect(rows.nth(2)).toContainText('nobody could be asked')
  await rows.nth(1).click()
  await expect(log.getByRole('heading', { name: 'Attempts' })).toBeVisible()
  await expect(log.getByText('openai-main · asked to pause')).toBeVisible()
  await log.evaluate((list) => list.scrollTo(0, list.scrollHeight))
  await expect(log.getByRole('button', { name: /gpt-4|nobody/ })).toHaveCount(100)
  await log.evaluate((list) => list.scrollTo(0, list.scrollHeight))
  await expect(page.getByText('120 decisions, no older ones')).toBeVisible()
  await page.getByRole('group', { name: 'Decisions of' }).getByText('All features').click()
  await expect
    .poll(() => main.inputsOf('routing.decisions').map((input) => (input as { feature: string | null }).feature))
    .toEqual(['text_generation', 'text_generation', 'text_generation', null])
  await expect(log.getByText('summarise_tickets').first()).toBeVisible()
})

test('YAML is saved as it was typed last, read or not, and a mistake in it is said', async ({ page }) => {
  scriptPlain()
  const routing = routingPage(page)
  await routing.open(main.url, 'text_generation')
  await page.getByText('YAML', { exact: true }).click()
  await expect(routing.yaml).toHaveValue(/weight: 70/)
  const text = await routing.yaml.inputValue()
  await routing.yaml.fill(text.replace('weight: 70', 'weight: 70000'))
  await page.keyboard.press('Control+s')
  await expect(page.getByRole('alert').filter({ hasText: 'RULES_UNREADABLE' })).toBeVisible()
  await routing.yaml.fill(text.replace('weight: 70', 'weight: 7'))
  await page.keyboard.press('Control+s')
  await expect.poll(() => main.inputsOf('routing.setFeature').length).toBe(1)
  expect(lastRules().candidates[0]).toMatchObject({ weight: 7 })
})

test('decisions come as they are kept, and wait where rows would move under a reader', async ({ page }) => {
  const scripted = scriptRouting(main)
  const routing = routingPage(page)
  await routing.open(main.url, 'text_generation', 'decisions')
  const log = page.getByRole('region', { name: 'Decisions' })
  const rows = log.getByRole('button', { name: /gpt-4|nobody|newer-/ })
  await expect(rows).toHaveCount(50)
  let kept = 0
  const keep = () => {
    const id = `newer-${++kept}`
    scripted.decides((of) => {
      const [first, ...rest] = sampleDecisions(of, 120)
      const newer = Array.from({ length: kept }, (_, at) => {
        const named = { ...first!.decision.selected!, keyName: `newer-${at + 1}` }
        const decision = { ...first!.decision, id: `newer-${at + 1}`, at: first!.decision.at + at + 1, selected: named }
        return { decision, outcome: null }
      })
      return [...newer, first!, ...rest]
    })
    main.emit('routing', 'newestDecision', { id })
  }
  keep()
  await expect(rows.first()).toContainText('newer-1')
  await expect(rows).toHaveCount(51)
  await rows.nth(1).click()
  keep()
  await expect(routing.button('Show newer ones')).toBeVisible()
  await expect(rows.first()).toContainText('newer-1')
  await routing.button('Show newer ones').click()
  await expect(rows.first()).toContainText('newer-2')
  await expect(routing.button('Show newer ones')).toBeHidden()
  await expect(rows.nth(2)).toHaveAttribute('aria-expanded', 'true')
  await rows.nth(2).click()
  await log.evaluate((list) => list.scrollTo(0, 300))
  await expect.poll(() => log.evaluate((list) => list.scrollTop)).toBe(300)
  keep()
  await routing.button('Show newer ones').click()
  await expect(rows.first()).toContainText('newer-3')
  await expect(rows.first()).toBeInViewport()
})

test('the kept decisions are replayed against the draft, and the answer ages with it', async ({ page }) => {
  scriptRouting(main).stand('text_generation')
  const routing = routingPage(page)
  await routing.open(main.url, 'text_generation', 'replay')
  await expect(page.getByText(/^Change the route above/)).toBeVisible()
  const move = () => routing.cardButton('gpt-4.1-mini', 'openai-main').press('Alt+ArrowUp')
  await move()
  await routing.button('Replay the kept decisions').click()
  await expect(page.getByText('373 of 2,480 decisions would be decided otherwise (15 %).')).toBeVisible()
  await expect(page.getByRole('row', { name: /^openai-main/ })).toContainText('1,587')
  await expect(page.getByRole('heading', { name: 'The first 100 that change' })).toBeVisible()
  await routing.cardButton('qwen-max', 'qwen 生产').press('Alt+ArrowUp')
  await expect(page.getByText('The changes are others now; replay again.')).toBeVisible()
})

test('history shows what each revision changed and goes back to any of them', async ({ page }) => {
  scriptRouting(main).stand('text_generation')
  const routing = routingPage(page)
  await routing.open(main.url, 'text_generation', 'history')
  await page.getByRole('button', { name: /^revision 7/ }).click()
  const changes = page.getByRole('region', { name: 'Changes of revision 7' })
  await expect(changes).toContainText('strategy: round_robin')
  await page.getByRole('button', { name: 'Roll back to revision 7' }).click()
  await expect(page.getByText('Rolled text_generation back to revision 7')).toBeVisible()
  await expect(page.getByText('Tiers are tried from left to right; within one: one after the other.')).toBeVisible()
  expect(main.inputsOf('routing.rollback')).toEqual([{ name: 'text_generation', revision: 7 }])
})

test('a thousand candidates open and move while one looks', async ({ page }) => {
  const { feature, keys } = thousandCandidates()
  const scripted = scriptRouting(main, { features: [feature], keys })
  const routing = routingPage(page)
  await routing.open(main.url, 'many')
  await expect(routing.card('model-000', 'key-0')).toBeVisible()
  expect(await routing.picture.getByRole('listitem').count()).toBe(100)
  const since = Date.now()
  for (let times = 0; times < 10; times++) await routing.cardButton('model-000', 'key-0').press('Alt+ArrowDown')
  await expect(page.getByText('model-000: place 11 of 600 in primary')).toBeAttached()
  // Loose, as the machine may be busy; a tenth of it is usual.
  expect(Date.now() - since).toBeLessThan(5000)
  scripted.stand('many', (state) => ({ ...state, choices: state.choices.map((one) => ({ ...one, running: 9 })) }))
  await expect(routing.card('model-000', 'key-0')).toContainText('9 calls running')
  await routing.button('Show 50 more').first().click()
  await expect(routing.picture.getByRole('listitem')).toHaveCount(150)
})

test('what keys bring by themselves is shown, and written down once it was changed', async ({ page }) => {
  const scripted = scriptPlain()
  const brought = candidate('openai', 'gpt-4', 'gpt-4.1')
  scripted.stand('speech_to_text', (state) => ({
    ...state,
    choices: routeState('speech_to_text', { description: '', strategy: 'weighted', candidates: [brought] }, [
      routeKey('main', 'openai', 'gpt-4', 'primary', { kind: 'ready' }),
    ]).choices,
  }))
  const routing = routingPage(page)
  await routing.open(main.url, 'speech_to_text')
  await expect(routing.card('gpt-4.1', 'main')).toContainText('comes with its key')
  await routing.cardButton('gpt-4.1', 'main').press('Delete')
  await expect(routing.card('gpt-4.1', 'main')).toContainText('weight 0')
  await routing.button('Save').click()
  await expect
    .poll(() => main.inputsOf('routing.setFeature'))
    .toMatchObject([{ rules: { candidates: [{ model: 'paraformer-v2' }, { ...brought, weight: 0 }] } }])
})

test('what main refuses is said where it was asked for, with its code', async ({ page }) => {
  scriptPlain()
  const refuse = () => {
    throw new AppError('PLATFORM_NOT_RUNNING', { reason: 'the port is taken' })
  }
  main.answer('routing', 'decisions', refuse)
  main.answer('routing', 'ask', refuse)
  main.answer('routing', 'setFeature', refuse)
  const routing = routingPage(page)
  await routing.open(main.url, 'text_generation', 'decisions')
  const said = page.getByRole('alert').filter({ hasText: 'PLATFORM_NOT_RUNNING' })
  await expect(said).toContainText('the port is taken')
  await routing.goTo('text_generation')
  await routing.button('Ask').click()
  await expect(said).toBeVisible()
  await routing.goTo('text_generation', 'replay')
  await routing.cardButton('gpt-4.1', 'main').press('Alt+ArrowDown')
  await routing.button('Save').click()
  await expect(page.getByText('PLATFORM_NOT_RUNNING')).toBeVisible()
  await expect(routing.button('Save')).toBeEnabled()
})

test('an address of nothing is said so, and the palette knows each feature', async ({ page }) => {
  scriptRouting(main)
  const routing = routingPage(page)
  await routing.open(main.url, 'nothing_here')
  await expect(page.getByRole('heading', { name: 'There is no feature nothing_here' })).toBeVisible()
  await typeIntoPalette(page, 'summarise')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'summarise_tickets' })).toBeVisible()
})

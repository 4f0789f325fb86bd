import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabase } from '../../../app/main/db/db.ts'
import { migrate } from '../../../app/main/db/migrate.ts'
import { createUsage } from '../../../app/main/features/gateway/usage.ts'
import type { UseRecord } from '../../../app/main/platform/gateway/gateway-messages.ts'
import type { JournalEntry } from '../../../app/main/platform/gateway/journal-line.ts'
import { goTo } from '../../lib/pages/open.ts'
import { expect, test } from './desktop-app.ts'

const entryOf = (use: UseRecord): JournalEntry => ({ use, calls: [], decision: null })

/** A console that was used before, by a caller that named a model like a formula. */
function writeUse(folder: string): void {
  mkdirSync(folder, { recursive: true })
  const db = openDatabase(join(folder, 'pilothouse.db'))
  migrate(db)
  db.transaction(() => {
    createUsage(db).count([
      entryOf({
        ...{ id: 'one', at: Date.now(), feature: 'chat', model: '=1+1', keyId: null, vendor: null, tokenId: null },
        ...{ statusCode: 200, failed: false, inputTokens: 3, outputTokens: 4, images: 0, cost: 0, currency: 'USD' },
        ...{ durationMs: 12, firstTokenMs: null },
      }),
    ])
  })
  db.close()
}

test('usage is saved as CSV where the dialog says, under a name of its own', async ({ desk }) => {
  writeUse(join(desk.data, 'console'))
  const desktop = await desk.launch()
  await desktop.speak('en')
  const file = join(desk.data, 'usage.csv')
  const asked = () => desktop.electron.evaluate(() => (globalThis as { askedName?: string }).askedName ?? null)
  await desktop.electron.evaluate(({ dialog }, path) => {
    dialog.showSaveDialog = (async (_window: unknown, { defaultPath }: { defaultPath: string }) => {
      Object.assign(globalThis, { askedName: defaultPath })
      return { canceled: false, filePath: path }
    }) as unknown as typeof dialog.showSaveDialog
  }, file)
  await goTo(desktop.page, '/keys/usage')
  await desktop.page.getByRole('button', { name: 'Save as CSV' }).click()
  await expect(desktop.page.getByText(`Saved to ${file}`)).toBeVisible()

  expect(await asked()).toMatch(/pilothouse-usage-model-\d{4}-\d{2}-\d{2}-\d{4}-\d{2}-\d{2}\.csv$/)
  expect(readFileSync(file, 'utf8').split('\r\n')[1]).toMatch(/^'=1\+1,'=1\+1,1,0,3,4,0,/)
})

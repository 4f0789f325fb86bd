import { expect, test } from '@playwright/test'
import { AppError } from '../../../app/shared/errors.ts'
import { manyJobs, sampleJobs } from '../../lib/job-samples.ts'
import { keysPage } from '../../lib/pages/keys-page.ts'
import { type Scene, screen } from '../../lib/screens.ts'
import { scriptJobs } from '../../lib/scripted-jobs.ts'
import { scriptKeys } from '../../lib/scripted-keys.ts'

// Every state of the list of jobs and of one of them: what docs/screenshots shows and what axe reads.
test.use({ locale: 'en-GB', timezoneId: 'Asia/Shanghai' })
test.slow()

async function openJobs({ main, page }: Scene, rows = sampleJobs(), path = '/keys/jobs') {
  scriptKeys(main)
  const scripted = scriptJobs(main, rows)
  const keys = keysPage(page)
  await keys.open(main.url, path)
  return { ...scripted, ...keys }
}
async function openJob(scene: Scene, id: string, says: string) {
  const keys = await openJobs(scene, sampleJobs(), `/keys/jobs/${id}`)
  await expect(keys.drawer.getByText(says)).toBeVisible()
  return keys
}

screen('jobs', { chinese: true, dark: true, small: true }, async (scene) => {
  const keys = await openJobs(scene)
  await expect(keys.jobs.getByRole('row')).toHaveCount(9)
})
screen('jobs-loading', {}, async ({ main, page }) => {
  main.silence('gateway', 'jobs')
  await keysPage(page).open(main.url, '/keys/jobs')
  // Before it, its code is loaded, which looks the same.
  await expect(page.getByRole('combobox', { name: 'State' })).toBeVisible()
  await expect(page.getByRole('main').getByRole('status', { name: 'Loading' })).toBeVisible()
})
screen('jobs-empty', { chinese: true }, async (scene) => {
  await openJobs(scene, [])
  await expect(scene.page.getByRole('heading', { name: 'No jobs yet' })).toBeVisible()
})
screen('jobs-failed', {}, async ({ main, page }) => {
  main.tellBy('gateway', 'jobs', () => {
    throw new AppError('STORE_DAMAGED', { reason: 'row 3 missing from index gateway_jobs_by_time' })
  })
  await keysPage(page).open(main.url, '/keys/jobs')
  await expect(page.getByText('STORE_DAMAGED')).toBeVisible()
})
screen('jobs-filtered-to-nothing', { chinese: true }, async (scene) => {
  await openJobs(
    scene,
    sampleJobs().filter(({ state }) => state !== 'failed'),
  )
  await scene.page.getByRole('combobox', { name: 'State' }).click()
  await scene.page.getByRole('option', { name: 'Failed' }).click()
  await expect(scene.page.getByRole('heading', { name: 'No job is in the state “Failed”' })).toBeVisible()
})
screen('jobs-thousand', { chinese: true }, async (scene) => {
  const keys = await openJobs(scene, manyJobs(1000))
  await expect(scene.page.getByText('100 of 1,000 jobs')).toBeVisible()
  await keys.jobs.evaluate((grid) => grid.scrollTo(0, 200))
  keys.save({ ...manyJobs(1)[0]!, id: 'newer', at: manyJobs(1)[0]!.at + 1 })
  await expect(scene.page.getByRole('button', { name: 'Show 1 newer' })).toBeVisible()
})
screen('job-succeeded', { chinese: true, dark: true, small: true }, async (scene) => {
  await openJob(scene, 'job-succeeded', 'Output data may contain inappropriate content. · DataInspectionFailed')
})
screen('job-content', {}, async (scene) => {
  await openJob(scene, 'job-content', 'Within the answer, 330 kB')
})
screen('job-running', { chinese: true }, async (scene) => {
  await openJob(scene, 'job-running', 'is asked until it ends')
})
screen('job-refused', { chinese: true }, async (scene) => {
  await openJob(scene, 'job-refused', 'DataInspectionFailed')
})
screen('job-failed', { chinese: true }, async (scene) => {
  await openJob(scene, 'job-failed', 'its answer is no JSON object')
})
screen('job-unknown', { chinese: true, dark: true }, async (scene) => {
  await openJob(scene, 'job-unknown', 'It is not submitted twice')
})
screen('job-gone', { chinese: true }, async (scene) => {
  await openJob(scene, 'none', 'This job is not here')
})

import { act } from 'react'
import { createRoot } from 'react-dom/client'
import { expect, test, vi } from 'vitest'
import { ErrorBoundary } from './ErrorBoundary.tsx'

test('a page that breaks leaves a sentence, advice and the details', async () => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  // React reports the caught error once more; the report is not what this test is about.
  const root = createRoot(document.body, { onCaughtError: () => {} })
  const Broken = () => {
    throw new TypeError('no such row')
  }
  await act(() =>
    root.render(
      <ErrorBoundary>
        <Broken />
      </ErrorBoundary>,
    ),
  )
  expect(
    [...document.querySelectorAll('h2, code, button')].map((element) => element.textContent || element.ariaLabel),
  ).toEqual(['This page could not be shown', 'Load again', 'TypeError: no such row', 'Copy the details'])
  await act(() => root.unmount())
})

import { create } from 'zustand'
import type { ImportResult } from '../../../../shared/contracts/plugins.ts'
import type { ErrorCode, ErrorDetails } from '../../../../shared/errors.ts'
import type { Rpc } from '../../../../shared/rpc/client.ts'
import { rpc } from '../../../rpc/rpc.ts'
import { asAppError } from '../../../shell/run.ts'
import type { Dropped } from './picked-packages.ts'
import { sendPackage, sizeOf, type UploadCalls } from './send-package.ts'

export type UploadState =
  /** Its turn has not come, or its folder is being listed. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'sending'; readonly sent: number; readonly bytes: number }
  /** All of it arrived, and main reads it. */
  | { readonly kind: 'reading' }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly details: ErrorDetails }

export interface Upload {
  readonly key: number
  /** What came together is shown together. */
  readonly batch: number
  readonly dropped: Dropped
  readonly state: UploadState
}
export interface Review {
  readonly batch: number
  readonly results: readonly ImportResult[]
}
export interface UploadsState {
  /** Under way, waiting or failed, in the order they came. */
  readonly uploads: readonly Upload[]
  /** Results of batches that are still under way. */
  readonly read: ReadonlyMap<number, readonly ImportResult[]>
  /** What was read and waits for the operator, the oldest first. */
  readonly reviews: readonly Review[]
}

/** Outlives every page: an upload goes on while the operator looks elsewhere, and what failed stays until dismissed. */
export const useUploads = create<UploadsState>(() => ({ uploads: [], read: new Map(), reviews: [] }))

const stops = new Map<number, AbortController>()
let lastKey = 0
let working = false

/** Takes in packages, one after the other; what was found in them is shown when the last of them was read. */
export function importPackages(dropped: readonly Dropped[]): void {
  if (dropped.length === 0) return
  const batch = ++lastKey
  const fresh = dropped.map((one): Upload => ({ key: ++lastKey, batch, dropped: one, state: { kind: 'waiting' } }))
  useUploads.setState(({ uploads }) => ({ uploads: [...uploads, ...fresh] }))
  void work(rpc.plugins)
}

export const retryUpload = (key: number): void => {
  setState(key, { kind: 'waiting' })
  void work(rpc.plugins)
}

/** Ends an upload that has not arrived yet, or takes a failed one off the list. */
export function dropUpload(key: number): void {
  const stop = stops.get(key)
  if (stop) {
    stop.abort()
    return
  }
  const upload = useUploads.getState().uploads.find((one) => one.key === key)
  remove(key)
  // It may have been the last that the others of its batch waited for.
  if (upload) showWhenDone(upload.batch)
}

export const closeReview = (batch: number): void =>
  useUploads.setState(({ reviews }) => ({ reviews: reviews.filter((one) => one.batch !== batch) }))

async function work(calls: UploadCalls & Pick<Rpc['plugins'], 'finishUpload'>): Promise<void> {
  if (working) return
  working = true
  for (let next = waiting(); next; next = waiting()) await one(calls, next)
  working = false
}
const waiting = () => useUploads.getState().uploads.find(({ state }) => state.kind === 'waiting')

async function one(calls: UploadCalls & Pick<Rpc['plugins'], 'finishUpload'>, upload: Upload): Promise<void> {
  const { key, batch, dropped } = upload
  const stop = new AbortController()
  stops.set(key, stop)
  try {
    setState(key, { kind: 'sending', sent: 0, bytes: 0 })
    const picked = await dropped.list()
    const bytes = sizeOf(picked)
    setState(key, { kind: 'sending', sent: 0, bytes })
    const uploadId = await sendPackage(calls, picked, {
      signal: stop.signal,
      onSent: (sent) => setState(key, { kind: 'sending', sent, bytes }),
    })
    setState(key, { kind: 'reading' })
    stops.delete(key)
    const result = await calls.finishUpload({ uploadId, activate: false })
    useUploads.setState(({ read }) => ({ read: new Map(read).set(batch, [...(read.get(batch) ?? []), result]) }))
    remove(key)
  } catch (error) {
    const { code, details } = readable(error)
    if (code === 'CANCELLED') remove(key)
    else setState(key, { kind: 'failed', code, details })
  } finally {
    stops.delete(key)
    showWhenDone(batch)
  }
}

/** A file that went or changed since it was dropped is a package that cannot be read, no fault of the console. */
function readable(error: unknown): { readonly code: ErrorCode; readonly details: ErrorDetails } {
  if (error instanceof DOMException) return { code: 'PACKAGE_REFUSED', details: { reason: error.message } }
  return asAppError(error)
}

function setState(key: number, state: UploadState): void {
  useUploads.setState(({ uploads }) => ({
    uploads: uploads.map((upload) => (upload.key === key ? { ...upload, state } : upload)),
  }))
}
const remove = (key: number): void =>
  useUploads.setState(({ uploads }) => ({ uploads: uploads.filter((upload) => upload.key !== key) }))

/** A batch is shown once; what is tried again after it failed is shown by itself. */
function showWhenDone(batch: number): void {
  useUploads.setState((state) => {
    const results = state.read.get(batch)
    const left = state.uploads.some((upload) => upload.batch === batch && upload.state.kind !== 'failed')
    if (left || !results) return state
    const read = new Map(state.read)
    read.delete(batch)
    return { read, reviews: [...state.reviews, { batch, results }] }
  })
}

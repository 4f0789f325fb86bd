import type { Saved } from '../../../shared/contracts/host.ts'
import { AppError } from '../../../shared/errors.ts'
import type { DockerConnection } from '../../docker/engine.ts'
import { createLogParser, type RawLine } from '../../docker/log-frames.ts'
import type { Host } from '../../lib/host.ts'
import { maskText } from '../../lib/secrets.ts'
import type { TaskHandle, TaskRunner } from '../../lib/tasks.ts'

/** Longest piece of a line that is looked through for secrets at once. */
const KEEP = 1024 * 1024
const CHUNK = 64 * 1024
/** Milliseconds between two reports of progress. */
const REPORT = 200

/** Lets the operator keep the whole log of a container: read as it is written out, never held. */
export async function exportLogs(
  { docker, host, tasks }: { docker: DockerConnection; host: Host; tasks: TaskRunner },
  { id, timestamps }: { id: string; timestamps: boolean },
): Promise<Saved> {
  const inspected = await docker.engine().inspect(id)
  if (inspected === null) throw new AppError('SERVICE_NOT_FOUND', { name: id.slice(0, 12) })
  const { name, tty } = inspected.details
  const source = () => asTask(tasks, name, (signal) => logText(docker, { id, tty, timestamps, signal }))
  return await host.saveFile(`${name}.log`, 'text/plain; charset=utf-8', source)
}

/**
 * The log as the program wrote it, colours and odd bytes included, both streams in order. What looks like a secret is
 * replaced, because an exported file is passed on; the engine's own copy stays as it is.
 */
async function* logText(
  docker: DockerConnection,
  { id, tty, timestamps, signal }: { id: string; tty: boolean; timestamps: boolean; signal: AbortSignal },
): AsyncIterable<Uint8Array> {
  let parts: Buffer[] = []
  let size = 0
  let lineIsOpen = false
  const add = (bytes: Buffer) => {
    parts.push(bytes)
    size += bytes.length
  }
  const parser = createLogParser({ tty, keep: KEEP, split: true }, (line) => {
    if (timestamps && !lineIsOpen && line.time !== null) add(Buffer.from(`${line.time} `))
    add(masked(line))
    if (!line.open) add(Buffer.from('\n'))
    lineIsOpen = line.open
  })
  const take = () => {
    const bytes = Buffer.concat(parts)
    parts = []
    size = 0
    return bytes
  }
  const options = { tail: 'all', follow: false, timestamps: true, signal } as const
  for await (const chunk of await docker.engine().logs(id, options)) {
    parser.push(chunk as Buffer)
    if (size >= CHUNK) yield take()
  }
  parser.end()
  yield take()
}

/** Unchanged lines keep their very bytes, also those that are no UTF-8. */
function masked({ bytes }: RawLine): Buffer {
  const text = bytes.toString('utf8')
  const safe = maskText(text)
  return Buffer.from(safe === text ? bytes : safe)
}

/** Reports bytes as they are taken. Whoever stops taking them before the end cancels the task. */
async function* asTask(
  tasks: TaskRunner,
  name: string,
  read: (signal: AbortSignal) => AsyncIterable<Uint8Array>,
): AsyncIterable<Uint8Array> {
  const started = Promise.withResolvers<TaskHandle>()
  const ended = Promise.withResolvers<void>()
  const spec = { title: { kind: 'exportLogs', name }, unit: 'bytes', total: null, cancellable: true } as const
  const task = tasks.run(spec, async (handle) => {
    started.resolve(handle)
    await ended.promise
  })
  task.catch(started.reject) // a list that refuses the task never hands out its handle
  ended.promise.catch(() => {}) // ... and then nobody waits for its end
  let signal: AbortSignal | undefined
  try {
    const handle = await started.promise
    signal = handle.signal
    let done = 0
    let reported = Date.now()
    for await (const bytes of read(signal)) {
      signal.throwIfAborted()
      yield bytes
      done += bytes.length
      if (Date.now() - reported < REPORT) continue
      handle.progress(done)
      reported = Date.now()
    }
    handle.progress(done)
    ended.resolve()
  } catch (error) {
    const reason = signal?.aborted ? new AppError('CANCELLED') : error
    ended.reject(reason)
    throw reason
  } finally {
    ended.reject(new AppError('CANCELLED')) // no effect after an end
    await task.catch(() => {}) // the task list has recorded it
  }
}

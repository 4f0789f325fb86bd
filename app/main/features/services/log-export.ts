import type { Saved } from '../../../shared/contracts/host.ts'
import { AppError } from '../../../shared/errors.ts'
import type { DockerConnection } from '../../docker/engine.ts'
import { createLogParser, type RawLine } from '../../docker/log-frames.ts'
import type { Host } from '../../lib/host.ts'
import { maskText } from '../../lib/secrets.ts'
import { type Stream, streamedTask } from '../../lib/streamed-task.ts'
import type { TaskRunner } from '../../lib/tasks.ts'

/** Longest piece of a line that is looked through for secrets at once. */
const KEEP = 1024 * 1024
const CHUNK = 64 * 1024

/** Lets the operator keep the whole log of a container: read as it is written out, never held. */
export async function exportLogs(
  { docker, host, tasks }: { docker: DockerConnection; host: Host; tasks: TaskRunner },
  { id, timestamps }: { id: string; timestamps: boolean },
): Promise<Saved> {
  const inspected = await docker.engine().inspect(id)
  if (inspected === null) throw new AppError('SERVICE_NOT_FOUND', { name: id.slice(0, 12) })
  const { name, tty } = inspected.details
  const source = () =>
    streamedTask(tasks, { kind: 'exportLogs', name }, (stream) => logText(docker, { id, tty, timestamps }, stream))
  return await host.saveFile(`${name}.log`, 'text/plain; charset=utf-8', source)
}

/**
 * The log as the program wrote it, colours and odd bytes included, both streams in order. What looks like a secret is
 * replaced, because an exported file is passed on; the engine's own copy stays as it is.
 */
async function* logText(
  docker: DockerConnection,
  { id, tty, timestamps }: { id: string; tty: boolean; timestamps: boolean },
  { signal, report }: Stream,
): AsyncIterable<Uint8Array> {
  let parts: Buffer[] = []
  let size = 0
  let done = 0
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
    done += size
    size = 0
    report(done)
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

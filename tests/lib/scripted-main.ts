import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runConsole } from '../../app/main/console.ts'
import type { FakeSpec } from '../../app/main/docker/fake-containers.ts'
import { createFakeDocker } from '../../app/main/docker/fake-docker.ts'
import type { Host } from '../../app/main/lib/host.ts'
import { silentLog } from '../../app/main/lib/log.ts'
import type { Router } from '../../app/main/rpc/router.ts'
import { createBrowserHost } from '../../app/main/serve.ts'
import { AppError } from '../../app/shared/errors.ts'
import type { Rpc } from '../../app/shared/rpc/client.ts'
import type { Emit } from '../../app/shared/rpc/contract.ts'

type Domain = keyof Rpc
type CallName<D extends Domain> = Extract<Exclude<keyof Rpc[D], `on${string}`>, string>
type EventName<D extends Domain> = keyof Rpc[D] extends infer K
  ? K extends `on${infer E}`
    ? Uncapitalize<E>
    : never
  : never
type OnEvent<D extends Domain, E extends string> = Rpc[D][Extract<`on${Capitalize<E>}`, keyof Rpc[D]>]
type Payload<D extends Domain, E extends string> =
  OnEvent<D, E> extends (listener: (payload: infer P) => void, ...rest: never) => unknown ? P : never

export type ScriptedMain = Awaited<ReturnType<typeof startScriptedMain>>

/**
 * The real console of this checkout, in this process, on a Docker engine in memory, serving the built renderer. What a
 * test scripts by path stands in place of the real answer; everything else is the product.
 */
export async function startScriptedMain(containers: Readonly<Record<string, FakeSpec>> = {}) {
  const data = mkdtempSync(join(tmpdir(), 'pilothouse-scripted-'))
  const docker = createFakeDocker(containers)
  const running = await runConsole({ dataFolder: data, log: silentLog, docker, platformPorts: { kind: 'off' } }, host)
  const calls: { path: string; input: unknown }[] = []
  const answers = new Map<string, (input: unknown) => unknown>()
  const events = new Map<string, { last: unknown; emits: Set<Emit<unknown>> }>()
  const tellers = new Map<string, { tell: (params: never) => unknown; heard: Map<Emit<unknown>, unknown> }>()

  const router = (): Router => ({
    async call(path, input, caller) {
      calls.push({ path, input })
      const answer = answers.get(path)
      if (!answer) return running.router().call(path, input, caller)
      try {
        return { ok: true, data: await answer(input) }
      } catch (error) {
        return refusal(error)
      }
    },
    listen(path, params, emit, caller) {
      const teller = tellers.get(path)
      if (teller) {
        try {
          emit(teller.tell(params as never))
        } catch (error) {
          return refusal(error)
        }
        teller.heard.set(emit, params)
        return { ok: true, data: () => teller.heard.delete(emit) }
      }
      const scripted = events.get(path)
      if (!scripted) return running.router().listen(path, params, emit, caller)
      scripted.emits.add(emit)
      if (scripted.last !== undefined) emit(scripted.last)
      return { ok: true, data: () => scripted.emits.delete(emit) }
    },
  })
  const serve = async (port: number) => {
    const host = createBrowserHost({ root: join(process.cwd(), 'dist/renderer'), dataFolder: null, log: silentLog })
    await host.listen(port, router)
    return { ...host, url: host.signInAddress() }
  }
  let browser = await serve(0)
  running.onRestart(() => browser.closeLinks())

  return {
    docker,
    /** Every call that arrived, the scripted ones too. */
    calls,
    /** What calls of that path were asked with, e.g. "keys.add". */
    inputsOf: (path: string) => calls.filter((call) => call.path === path).map(({ input }) => input),
    /** With the one-time token: good for one page. */
    get url() {
      return browser.url
    },
    /** Answers a call in place of main; throw an AppError to refuse. */
    answer<D extends Domain, N extends CallName<D>>(domain: D, name: N, answer: (input: unknown) => unknown): void {
      answers.set(`${domain}.${name}`, answer)
    },
    /** Sends an event in place of main; a page that comes later gets the last one first. Script it before the page opens. */
    emit<D extends Domain, E extends EventName<D>>(domain: D, event: E, payload: Payload<D, E>): void {
      const path = `${domain}.${event}`
      const scripted = events.get(path) ?? { last: payload, emits: new Set() }
      events.set(path, scripted)
      scripted.last = payload
      for (const emit of scripted.emits) emit(payload)
    },
    /**
     * Tells each listener what its parameters ask for; throws an AppError to refuse. Script it before the page opens.
     * What is answered tells all of them anew.
     */
    tellBy<D extends Domain, E extends EventName<D>>(
      domain: D,
      event: E,
      tell: (params: never) => Payload<D, E>,
    ): () => void {
      const heard = new Map<Emit<unknown>, unknown>()
      tellers.set(`${domain}.${event}`, { tell, heard })
      return () => {
        for (const [emit, params] of heard) emit(tell(params as never))
      }
    },
    /** From now on main says nothing of this until the test does. Before the page opens: it waits for its first word. */
    silence<D extends Domain, E extends EventName<D>>(domain: D, event: E): void {
      events.set(`${domain}.${event}`, { last: undefined, emits: new Set() })
    },
    /** Ends every link, as a console that is rebuilt does. */
    dropLinks: () => browser.closeLinks(),
    /** The address stops answering; `comeBack` starts another console there, which knows none of the old sessions. */
    goAway: () => browser.stop(),
    async comeBack(): Promise<void> {
      browser = await serve(Number(new URL(browser.url).port))
    },
    async stop(): Promise<void> {
      await browser.stop()
      await running.stop()
      rmSync(data, { recursive: true, force: true })
    },
  }
}

function refusal(error: unknown) {
  const { code, details } = error instanceof AppError ? error : new AppError('INTERNAL', { incident: String(error) })
  return { ok: false as const, code, details }
}

const host: Host = {
  kind: 'browser',
  capabilities: {
    tray: false,
    startAtLogin: false,
    nativeNotifications: false,
    saveDialog: false,
    secretStorage: 'key-file',
  },
  saveFile: async () => ({ kind: 'cancelled' }),
  notify: () => {},
  setStartAtLogin: () => {},
}

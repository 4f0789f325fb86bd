import type { Emit, Unsubscribe } from '../../shared/rpc/contract.ts'

/** Of the time, at most this part is spent on answers, however long each takes. */
const SHARE = 0.05

interface Follower<Question, Told> {
  readonly question: Question
  readonly emit: Emit<Told>
  /** What it was told last. */
  text: string
}

/** Answers for whoever looks: now, then at most once a second when something changed that makes them others. */
export function createLive<Question, Told>(parts: {
  readonly answer: (question: Question) => Told
  /** Hears why those who look were told nothing this time. */
  readonly failed: (error: unknown) => void
  readonly everyMs?: number | undefined
}) {
  const { answer, failed, everyMs = 1000 } = parts
  const followers = new Set<Follower<Question, Told>>()
  let timer: NodeJS.Timeout | null = null
  /** By `performance.now`. */
  let quietUntil = 0

  function tell(one: Follower<Question, Told>): void {
    const told = answer(one.question)
    const text = JSON.stringify(told)
    if (text === one.text) return
    one.text = text
    one.emit(told)
  }
  function tellAll(): void {
    timer = null
    const began = performance.now()
    try {
      for (const one of [...followers]) tell(one)
    } catch (error) {
      failed(error)
    }
    const now = performance.now()
    quietUntil = now + Math.max(everyMs, (now - began) / SHARE)
  }
  return {
    follow(question: Question, emit: Emit<Told>): Unsubscribe {
      const one: Follower<Question, Told> = { question, emit, text: '' }
      tell(one)
      followers.add(one)
      return () => void followers.delete(one)
    },
    changed(): void {
      if (timer || followers.size === 0) return
      timer = setTimeout(tellAll, Math.max(0, quietUntil - performance.now()))
      timer.unref()
    },
    stop(): void {
      if (timer) clearTimeout(timer)
      followers.clear()
    },
  }
}

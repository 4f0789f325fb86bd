import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

/** Seconds of CPU that a process has used, its threads included. */
export function cpuSeconds(pid: number): number {
  // The name in parentheses may hold spaces; user and system time are the 14th and 15th fields of the whole line.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

/** Resident memory in MB. */
export function residentMegabytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024
}

/** Pids of the processes with this program name. */
export function pidsOf(program: string): number[] {
  const out = execFileSync('sh', ['-c', `pgrep -x ${program} || true`], { encoding: 'utf8' })
  return out.split('\n').filter(Boolean).map(Number)
}

/** Percent of one core that each group of processes used over some seconds. */
export async function cpuShare(groups: Record<string, number[]>, seconds: number): Promise<Record<string, number>> {
  const read = () =>
    Object.fromEntries(
      Object.entries(groups).map(([name, pids]) => [name, pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0)]),
    )
  const before = read()
  const from = performance.now()
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
  const after = read()
  const passed = (performance.now() - from) / 1000
  return Object.fromEntries(Object.keys(groups).map((name) => [name, ((after[name]! - before[name]!) / passed) * 100]))
}

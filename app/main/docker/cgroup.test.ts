import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createCgroupReader } from './cgroup.ts'

const id = 'c0ffee'.padEnd(64, '0')
let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pilothouse-cgroup-'))
})
afterEach(() => rmSync(root, { recursive: true }))

function file(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
const read = async (pid: number) => {
  const reader = createCgroupReader(root)
  const paths = await reader.locate(id, pid)
  const files = paths && reader.open(paths)
  const stats = files?.read() ?? null
  files?.close()
  return stats && { ...stats, time: 0 }
}

test('version 1: one folder per controller', async () => {
  file(
    'proc/self/mountinfo',
    `30 25 0:26 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
31 25 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n`,
  )
  file('proc/42/cgroup', `4:memory:/docker/${id}\n3:cpu,cpuacct:/docker/${id}\n0::/\n`)
  file(`sys/fs/cgroup/cpu,cpuacct/docker/${id}/cpuacct.usage`, '123456789\n')
  file(`sys/fs/cgroup/memory/docker/${id}/memory.usage_in_bytes`, '10000\n')
  file(
    `sys/fs/cgroup/memory/docker/${id}/memory.stat`,
    'cache 5\ninactive_file 7\ntotal_inactive_file 4000\ntotal_cache 9\n',
  )

  expect(await read(42)).toEqual({ time: 0, cpuNanoseconds: 123_456_789, memoryBytes: 6000 })
})

test('version 2: the group with the id, even when the process sits deeper', async () => {
  file('proc/self/mountinfo', '30 25 0:26 / /sys/fs/cgroup rw shared:4 - cgroup2 cgroup2 rw,nsdelegate\n')
  file('proc/42/cgroup', `0::/system.slice/docker-${id}.scope/init.scope\n`)
  const folder = `sys/fs/cgroup/system.slice/docker-${id}.scope`
  file(`${folder}/cpu.stat`, 'usage_usec 2500\nuser_usec 2000\n')
  file(`${folder}/memory.current`, '5000\n')
  file(`${folder}/memory.stat`, 'anon 3000\ninactive_file 1000\n')

  expect(await read(42)).toEqual({ time: 0, cpuNanoseconds: 2_500_000, memoryBytes: 4000 })
})

test('inside a container only a part of the hierarchy is mounted', async () => {
  file('proc/self/mountinfo', '30 25 0:26 /docker/outer /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n')
  file('proc/42/cgroup', `0::/docker/outer/docker/${id}\n`)
  file(`sys/fs/cgroup/docker/${id}/cpu.stat`, 'usage_usec 1\n')
  file(`sys/fs/cgroup/docker/${id}/memory.current`, '10\n')
  file(`sys/fs/cgroup/docker/${id}/memory.stat`, 'inactive_file 0\n')

  expect(await read(42)).toEqual({ time: 0, cpuNanoseconds: 1000, memoryBytes: 10 })
})

test('a pid of another machine, a process that is gone and a machine without cgroups answer null', async () => {
  expect(await read(42)).toBeNull()
  file('proc/self/mountinfo', '30 25 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n')
  expect(await read(42)).toBeNull()
  file('proc/42/cgroup', '0::/user.slice/somebody-else\n')
  expect(await read(42)).toBeNull()
  file('proc/42/cgroup', `0::/docker/${id}\n`)
  expect(await read(42)).toBeNull()
})

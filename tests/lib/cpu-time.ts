/** The CPU time of this process so far, in milliseconds: what a test that rules out runaway work looks at, as it is the same on a busy machine. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

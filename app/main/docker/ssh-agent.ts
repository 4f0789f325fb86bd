import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { Agent, type AgentOptions } from 'node:http'
import { Duplex } from 'node:stream'
import type { Address } from './endpoint.ts'

type SshAddress = Extract<Address, { kind: 'ssh' }>

/** The command that joins our pipes to Docker's socket on another machine, as Docker's own command line does. */
export function sshArguments({ host, user, port, path }: SshAddress): string[] {
  return [
    // It must never ask: nobody sits at its terminal.
    ...['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10', '-T'],
    ...(user === null ? [] : ['-l', user]),
    ...(port === null ? [] : ['-p', String(port)]),
    ...['--', host, 'docker'],
    ...(path === null ? [] : ['--host', `unix://${path}`]),
    ...['system', 'dial-stdio'],
  ]
}

/** An agent whose connections are ssh processes; kept alive, so that the next request needs no new one. */
export function createSshAgent(address: SshAddress, options: AgentOptions, command = 'ssh'): Agent {
  const agent = new Agent(options)
  // Node's own types allow only a socket, its documentation any duplex stream.
  Object.assign(agent, {
    createConnection: () => new ProcessSocket(spawn(command, sshArguments(address), { stdio: 'pipe' })),
  })
  return agent
}

/** The pipes of a process as the socket that node:http expects. */
class ProcessSocket extends Duplex {
  readonly child: ChildProcessWithoutNullStreams
  readonly connecting = false
  constructor(child: ChildProcessWithoutNullStreams) {
    super()
    this.child = child
    let complaint = ''
    child.stderr.on('data', (chunk) => {
      complaint = (complaint + chunk).slice(-500)
    })
    child.stdout.on('data', (chunk) => this.push(chunk) || child.stdout.pause())
    child.stdin.on('error', (error) => this.destroy(error))
    child.on('error', (error) => this.destroy(error))
    child.on('close', (code) => {
      if (code !== 0 && code !== null) this.destroy(new Error(complaint.trim() || `ssh ended with ${code}`))
      else this.push(null)
    })
  }
  override _read(): void {
    this.child.stdout.resume()
  }
  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.child.stdin.write(chunk, done)
  }
  override _final(done: () => void): void {
    this.child.stdin.end(done)
  }
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.child.kill()
    done(error)
  }
  // What node:http calls on a socket and a pipe does not have.
  setTimeout(): this {
    return this
  }
  setNoDelay(): this {
    return this
  }
  setKeepAlive(): this {
    return this
  }
  ref(): this {
    return this
  }
  unref(): this {
    return this
  }
}

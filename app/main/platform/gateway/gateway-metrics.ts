import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/** Figures of the gateway and of the router, in the registry that `/metrics` tells. */
export function createGatewayMetrics(registry: Registry, keyStates: () => ReadonlyMap<string, number>) {
  const registers = [registry]
  const requests = new Counter({
    name: 'pilothouse_gateway_requests_total',
    help: 'Requests answered by the gateway',
    labelNames: ['feature', 'vendor', 'status'],
    registers,
  })
  const durations = new Histogram({
    name: 'pilothouse_gateway_request_duration_seconds',
    help: 'Time that requests to the gateway took, in seconds',
    labelNames: ['feature', 'vendor'],
    buckets: [0.005, 0.025, 0.1, 0.5, 1, 2, 5, 10, 30, 120],
    registers,
  })
  const tokens = new Counter({
    name: 'pilothouse_gateway_tokens_total',
    help: 'Tokens that vendors counted',
    labelNames: ['direction'],
    registers,
  })
  const decisions = new Counter({
    name: 'pilothouse_router_decisions_total',
    help: 'Decisions of the router by what came of them',
    labelNames: ['feature', 'result'],
    registers,
  })
  new Gauge({
    name: 'pilothouse_keys',
    help: 'Keys by state',
    labelNames: ['state'],
    registers,
    collect() {
      this.reset()
      for (const [state, count] of keyStates()) this.set({ state }, count)
    },
  })
  return {
    answered(
      feature: string,
      vendor: string,
      status: number,
      milliseconds: number,
      input: number,
      output: number,
    ): void {
      requests.inc({ feature, vendor, status })
      durations.observe({ feature, vendor }, milliseconds / 1000)
      if (input > 0) tokens.inc({ direction: 'input' }, input)
      if (output > 0) tokens.inc({ direction: 'output' }, output)
    },
    decided(feature: string, result: 'selected' | 'least_bad' | 'none'): void {
      decisions.inc({ feature, result })
    },
  }
}
export type GatewayMetrics = ReturnType<typeof createGatewayMetrics>

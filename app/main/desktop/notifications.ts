import { Notification } from 'electron'
import type { Service } from '../../shared/contracts/services.ts'
import type { Host } from '../lib/host.ts'
import type { Alert } from './service-alerts.ts'
import type { Say, Word } from './words.ts'

type Text = Parameters<Host['notify']>[0]

const titles: Record<Alert['kind'], readonly [one: Word, several: Word]> = {
  failed: ['serviceFailed', 'servicesFailed'],
  unhealthy: ['serviceUnhealthy', 'servicesUnhealthy'],
  recovered: ['serviceRecovered', 'servicesRecovered'],
}

/** The words of an alert, and the page that shows more. */
export function alertText({ kind, services }: Alert, say: Say): Text {
  const [one, several] = titles[kind]
  const [first] = services
  if (first && services.length === 1) {
    const name = nameOf(first)
    return { title: say(one, { name }), body: reason(first, say), route: `/services/${first.id}` }
  }
  const names = services.slice(0, 3).map(nameOf).join(', ')
  const more = services.length - 3
  return {
    title: say(several, { n: services.length }),
    body: more > 0 ? say('andMore', { names, n: more }) : names,
    route: '/services',
  }
}

const nameOf = (service: Service) => service.name.slice(0, 60)

function reason({ state, health, failingStreak }: Service, say: Say): string {
  if (state.kind === 'stopped' && state.outOfMemory) return say('outOfMemory')
  if (state.kind === 'stopped' && state.exitCode !== null) return say('exitCode', { code: state.exitCode })
  if (state.kind === 'restarting') return say('restarting')
  if (health === 'unhealthy' && failingStreak > 0) return say('failedChecks', { n: failingStreak })
  return ''
}

/** Shows notifications while they are wanted; a click opens their page. */
export function createNotifier(options: { readonly wanted: () => boolean; readonly open: (route: string) => void }) {
  // Held until they are gone: a collected notification forgets its click.
  const shown = new Set<Notification>()
  return {
    notify({ title, body, route }: Text): void {
      if (!options.wanted() || !Notification.isSupported()) return
      const notification = new Notification({ title: title.slice(0, 200), body: body.slice(0, 1_000) })
      shown.add(notification)
      const gone = () => shown.delete(notification)
      notification.on('click', () => {
        gone()
        options.open(route)
      })
      notification.on('close', gone)
      notification.on('failed', gone)
      notification.show()
    },
    stop(): void {
      for (const notification of shown) notification.close()
      shown.clear()
    },
  }
}

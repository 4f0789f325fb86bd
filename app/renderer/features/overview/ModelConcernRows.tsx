import type { ReactNode } from 'react'
import { useText } from '../../i18n/language.ts'
import { LinkButton } from '../../ui/Button.tsx'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { type Mark, StateMark } from '../../ui/StateMark.tsx'
import { conditionOf } from '../keys/key-condition.ts'
import { stateSentence } from '../keys/key-words.ts'
import { routingPath } from '../routing/routing-address.ts'
import type { ModelConcerns } from './model-concerns.ts'
import styles from './Overview.module.css'

/** More than these stand on the page of keys, or of routes. */
const most = 4

/** Keys that do not answer or end soon, and routes that nothing serves. */
export function ModelConcernRows({ concerns: { keys, features, vault } }: { readonly concerns: ModelConcerns }) {
  const t = useText()
  return (
    <>
      {vault && (
        <Row mark="fail" name={t('vault.title')} kind="" href="#/settings/vault">
          {t(vault.kind === 'locked' ? 'overview.vaultLocked' : 'overview.vaultUnusable')}
        </Row>
      )}
      {keys.slice(0, most).map((key) => {
        const ready = key.state.kind === 'ready'
        return (
          <Row
            key={key.id}
            mark={ready ? 'warn' : conditionOf(key)}
            name={key.name}
            kind={t('overview.key')}
            href={`#/keys/${encodeURIComponent(key.id)}/summary`}
          >
            {ready && key.lastTest?.ok === false ? (
              t('overview.testFailed')
            ) : ready && key.expiresAt !== null ? (
              <RelativeTime time={key.expiresAt} write={(time) => t('overview.keyEnds', { time })} />
            ) : (
              stateSentence(key, t)
            )}
          </Row>
        )
      })}
      {features.slice(0, most).map((name) => (
        <Row key={name} mark="fail" name={name} kind={t('overview.route')} href={`#${routingPath(name)}`}>
          {t('overview.unserved')}
        </Row>
      ))}
      {keys.length > most && (
        <li>
          <LinkButton variant="quiet" href="#/keys">
            {t('overview.moreKeys', { count: keys.length - most })}
          </LinkButton>
        </li>
      )}
      {features.length > most && (
        <li>
          <LinkButton variant="quiet" href="#/routing">
            {t('overview.moreRoutes', { count: features.length - most })}
          </LinkButton>
        </li>
      )}
    </>
  )
}

function Row(props: {
  readonly mark: Mark
  readonly name: string
  readonly kind: string
  readonly href: string
  readonly children: ReactNode
}) {
  const t = useText()
  const { mark, name, kind, href, children } = props
  return (
    <li className={styles['concern']}>
      <StateMark state={mark} />
      <div className={styles['what']}>
        <div>
          <a href={href}>{name}</a> <span className={styles['quiet']}>{kind}</span>
        </div>
        <div className={styles['why']}>{children}</div>
      </div>
      <LinkButton href={href}>{t('overview.open')}</LinkButton>
    </li>
  )
}

import { RotateCw } from 'lucide-react'
import type { PlatformState } from '../../../shared/contracts/platform.ts'
import { describeError, knownCode } from '../../../shared/errors.ts'
import { useLanguage, useText } from '../../i18n/language.ts'
import { rpc } from '../../rpc/rpc.ts'
import { run } from '../../shell/run.ts'
import { Button, LinkButton } from '../../ui/Button.tsx'
import { StateMark } from '../../ui/StateMark.tsx'
import { conditionOfPlatform, portSentence, stateWords, takenPorts } from './platform-words.ts'

/** The local platform among what needs attention: what, why, and the one thing to do. `styles` are the list's own. */
export function PlatformConcern({
  platform,
  styles,
}: {
  readonly platform: PlatformState
  readonly styles: Readonly<Record<string, string | undefined>>
}) {
  const t = useText()
  const crashed = platform.state.kind === 'crashed'
  return (
    <li className={styles['concern']}>
      <StateMark state={conditionOfPlatform(platform)} label={t(stateWords[platform.state.kind])} />
      <div className={styles['what']}>
        <div>
          <a href="#/services/platform">{t('platform.title')}</a>
        </div>
        <div className={styles['why']}>
          <Why platform={platform} />
        </div>
      </div>
      {crashed ? (
        <Button icon={RotateCw} onClick={() => void run(rpc.platform.restart())}>
          {t('platform.restartNow')}
        </Button>
      ) : (
        <LinkButton href="#/services/platform">{t('platform.show')}</LinkButton>
      )}
    </li>
  )
}

function Why({ platform }: { readonly platform: PlatformState }) {
  const t = useText()
  const language = useLanguage()
  const { state } = platform
  if (state.kind === 'crashed') {
    return describeError(knownCode(state.failure.code), state.failure.details, language).sentence
  }
  const taken = takenPorts(platform)
  const [first] = taken
  if (first && taken.length === 1) {
    return t('platform.attentionOne', { port: String(first.port), state: portSentence(platform, first, t) })
  }
  return t('platform.attentionTaken', { count: taken.length, ports: taken.map(({ port }) => port).join(', ') })
}

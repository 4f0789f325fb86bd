import { useEffect, useRef, useState } from 'react'
import type { Decision } from '../../../../shared/contracts/routing.ts'
import { useLanguage, useText } from '../../../i18n/language.ts'
import { rpc } from '../../../rpc/rpc.ts'
import { Failed } from '../../../shell/Failed.tsx'
import { asAppError } from '../../../shell/run.ts'
import { Button } from '../../../ui/Button.tsx'
import { Checkbox } from '../../../ui/Checkbox.tsx'
import { classes } from '../../../ui/classes.ts'
import { TextField } from '../../../ui/TextField.tsx'
import { ToneMark } from '../../../ui/ToneMark.tsx'
import { focusUnlock } from '../../vault/VaultBanner.tsx'
import { useVaultLocked } from '../../vault/vault-store.ts'
import type { Draft } from '../draft-store.ts'
import { durationUs, strategyWays, vendorNames } from '../routing-words.ts'
import { DecisionView } from './DecisionView.tsx'
import styles from './Tabs.module.css'

type Question = Parameters<typeof rpc.routing.ask>[0]
type Answer =
  | { readonly kind: 'none' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'decision'; readonly decision: Decision; readonly of: Question }
  | { readonly kind: 'failed'; readonly error: unknown }

const largest = 100_000_000

/** What would happen to a request: a question in, the decision and every rejection out. */
export function AskTab({ name, draft }: { readonly name: string; readonly draft: Draft | null }) {
  const t = useText()
  const [model, setModel] = useState('')
  const [tokens, setTokens] = useState('1000')
  const [wanted, setWanted] = useState(true)
  const [answer, setAnswer] = useState<Answer>({ kind: 'none' })
  const count = /^\d{1,9}$/.test(tokens.trim()) ? Number(tokens) : Number.NaN
  const wrong = !(count <= largest)
  // A feature that does not exist yet can only be asked by its draft.
  const drafted = draft !== null && (wanted || draft.revision === null)

  const question: Question = {
    ...{ feature: name, model: model.trim() || null, tokens: count },
    draft: drafted ? draft.rules : null,
  }
  const unread = drafted && (draft.reading || draft.problem !== null)
  const ask = () => {
    if (wrong || unread || answer.kind === 'asking') return
    setAnswer({ kind: 'asking' })
    rpc.routing
      .ask(question)
      .then((decision) => setAnswer({ kind: 'decision', decision, of: question }))
      .catch((error: unknown) => setAnswer({ kind: 'failed', error }))
  }
  const locked = useVaultLocked()
  const shut = answer.kind === 'failed' && asAppError(answer.error).code === 'KEY_VAULT_LOCKED'
  const button = useRef<HTMLButtonElement>(null)
  const unlock = () => {
    // From there the focus goes to the field and comes back: this button is gone with its answer.
    button.current?.focus()
    focusUnlock()
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once more when the vault was opened, not when the question changes
  useEffect(() => {
    if (!locked && shut) ask()
  }, [locked])
  return (
    <div className={styles['body']}>
      <div className={styles['question']}>
        <div className={styles['model']}>
          <TextField
            label={t('routing.askModel')}
            value={model}
            mono
            placeholder={t('routing.askModelHint')}
            onChange={(value) => setModel(value.slice(0, 200))}
            onEnter={ask}
          />
        </div>
        <div className={styles['tokens']}>
          <TextField
            label={t('routing.askTokens')}
            value={tokens}
            mono
            error={wrong ? t('routing.askTokensWrong') : null}
            onChange={setTokens}
            onEnter={ask}
          />
        </div>
        {draft && (
          <Checkbox
            label={t('routing.askDraft')}
            checked={drafted}
            disabled={draft.revision === null}
            onChange={setWanted}
          />
        )}
        <Button ref={button} busy={answer.kind === 'asking'} disabled={wrong || unread} onClick={ask}>
          {t('routing.ask')}
        </Button>
        <p className={styles['note']}>{t('routing.askText')}</p>
      </div>
      {answer.kind === 'failed' && (
        <Failed error={answer.error} action={shut && <Button onClick={unlock}>{t('vault.unlockAsk')}</Button>} />
      )}
      {/* An answer to another question is none. */}
      {answer.kind === 'decision' && isSame(answer.of, question) && (
        <Answered decision={answer.decision} drafted={question.draft !== null} />
      )}
    </div>
  )
}

const isSame = (a: Question, b: Question): boolean =>
  a.feature === b.feature && a.model === b.model && a.tokens === b.tokens && a.draft === b.draft

function Answered({ decision, drafted }: { readonly decision: Decision; readonly drafted: boolean }) {
  const t = useText()
  const { selected, leastBad } = decision
  const tone = selected === null ? 'fail' : leastBad ? 'warn' : 'ok'
  const values = {
    time: durationUs(decision.durationUs, t, useLanguage()),
    strategy: t(strategyWays[decision.strategy]),
    revision: String(decision.revision),
  }
  return (
    <>
      <div role="status" className={classes(styles['verdict'], styles[tone])}>
        <ToneMark tone={tone} />
        <span>
          <strong>
            {selected === null
              ? t('routing.nobody')
              : leastBad
                ? t('routing.leastBad', { key: selected.keyName })
                : t('routing.selected', {
                    key: selected.keyName,
                    vendor: t(vendorNames[selected.vendor]),
                    model: selected.model,
                  })}
          </strong>
          {selected === null && <> {t('routing.nobodyText')}</>}
          <br />
          <span className={styles['note']}>{t(drafted ? 'routing.decidedDraft' : 'routing.decidedIn', values)}</span>
        </span>
      </div>
      <DecisionView decision={decision} />
    </>
  )
}

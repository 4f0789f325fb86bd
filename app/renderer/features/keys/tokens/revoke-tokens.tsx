import type { Token } from '../../../../shared/contracts/gateway.ts'
import { currentText } from '../../../i18n/language.ts'
import { rpc } from '../../../rpc/rpc.ts'
import { confirm } from '../../../shell/confirm.tsx'
import { run } from '../../../shell/run.ts'
import { toast } from '../../../shell/toasts.ts'
import { RevokedNames } from './RevokedNames.tsx'

/** Asks first, since nothing brings a revoked token back. True when it was done. */
export async function revokeTokens(tokens: readonly Token[]): Promise<boolean> {
  if (tokens.length === 0) return false
  const t = currentText()
  const name = tokens.length === 1 ? tokens[0]!.name : t('keys.manyTokens', { count: tokens.length })
  const yes = await confirm({
    title: t('keys.revokeTitle', { name }),
    children: <RevokedNames tokens={tokens} />,
    confirm: t('keys.revokeConfirm'),
    danger: true,
  })
  if (!yes) return false
  const done = await run(rpc.gateway.revokeTokens({ ids: tokens.map(({ id }) => id) }).then(() => true))
  if (done) toast({ text: t('keys.doneRevoke', { name }) })
  return done === true
}

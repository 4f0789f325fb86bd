import type { Instance } from '../../../shared/contracts/registry.ts'
import { currentText } from '../../i18n/language.ts'
import { rpc } from '../../rpc/rpc.ts'
import { confirm } from '../../shell/confirm.tsx'
import { run } from '../../shell/run.ts'
import { toast } from '../../shell/toasts.ts'

/** Asks first: nothing but the service itself can bring an instance back. */
export async function removeInstances(instances: readonly Instance[]): Promise<void> {
  const [first] = instances
  if (!first) return
  const t = currentText()
  const words = { count: instances.length, name: first.name, url: first.url }
  const yes = await confirm({
    title: t('registry.removeTitle', words),
    children: t('registry.removeText'),
    confirm: t('registry.remove'),
    danger: true,
  })
  if (!yes) return
  // `run` answers undefined for a failure, and the call itself has no answer.
  const done = await run(rpc.registry.remove({ ids: instances.map(({ id }) => id) }).then(() => true))
  if (done) toast({ text: t('registry.removed', words) })
}

import type { Instance } from '../../../shared/contracts/registry.ts'
import { currentText, useText } from '../../i18n/language.ts'
import { rpc } from '../../rpc/rpc.ts'
import { confirm } from '../../shell/confirm.tsx'
import { run } from '../../shell/run.ts'
import { toast } from '../../shell/toasts.ts'
import { Named } from '../../ui/Named.tsx'

/** Asks first: nothing but the service itself can bring an instance back. */
export async function removeInstances(instances: readonly Instance[]): Promise<void> {
  const [first] = instances
  if (!first) return
  const t = currentText()
  const words = { count: instances.length, name: first.name, url: first.url }
  const yes = await confirm({
    title: t('registry.removeTitle', words),
    children: <RemovedNames instances={instances} />,
    confirm: t('registry.remove'),
    danger: true,
  })
  if (!yes) return
  // `run` answers undefined for a failure, and the call itself has no answer.
  const done = await run(rpc.registry.remove({ ids: instances.map(({ id }) => id) }).then(() => true))
  if (done) toast({ text: t('registry.removed', words) })
}

/** What is taken out, where the title cannot name it. */
function RemovedNames({ instances }: { readonly instances: readonly Instance[] }) {
  const t = useText()
  return (
    <>
      <p>{t('registry.removeText')}</p>
      {instances.length > 1 && (
        <Named
          of={instances}
          write={({ name, url }) => (
            <>
              <strong>{name}</strong> <code>{url}</code>
            </>
          )}
        />
      )}
    </>
  )
}

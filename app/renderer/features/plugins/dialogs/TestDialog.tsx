import { useState } from 'react'
import { navigate } from 'wouter/use-hash-location'
import { useText } from '../../../i18n/language.ts'
import { rpc } from '../../../rpc/rpc.ts'
import { Failed } from '../../../shell/Failed.tsx'
import { run } from '../../../shell/run.ts'
import { Button } from '../../../ui/Button.tsx'
import { Checkbox } from '../../../ui/Checkbox.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { SkeletonRows } from '../../../ui/SkeletonRows.tsx'
import { toggled } from '../../../ui/toggled.ts'
import { pluginPath } from '../plugin-address.ts'
import { useDetails } from '../use-details.ts'
import styles from './Dialogs.module.css'

/** As their methods promise: these change nothing at the other end. */
const safe = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Before a test: what is called, and which of the operations that may change something the operator wants called too. */
export function TestDialog({
  id,
  name,
  onClose,
}: {
  readonly id: string
  readonly name: string
  readonly onClose: () => void
}) {
  const t = useText()
  const looked = useDetails(id)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const tools = looked.kind === 'details' ? looked.details.tools.filter(({ disabled }) => disabled === null) : []
  const unsafe = tools.filter(({ method }) => !safe.has(method.toUpperCase()))
  const count = tools.length - unsafe.length
  const start = () => {
    onClose()
    navigate(pluginPath(id, 'test'))
    void run(rpc.plugins.test({ id, unsafe: [...chosen] }))
  }
  return (
    <Dialog
      title={t('plugins.testTitle', { name })}
      open
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button variant="primary" disabled={looked.kind !== 'details'} onClick={start}>
            {t('plugins.testConfirm')}
          </Button>
        </>
      }
    >
      {looked.kind === 'looking' && <SkeletonRows count={4} />}
      {looked.kind === 'failed' && <Failed error={looked.error} />}
      {looked.kind === 'gone' && <p>{t('plugins.notFoundText')}</p>}
      {looked.kind === 'details' && (
        <>
          <p>{t('plugins.testText', { count })}</p>
          {unsafe.length > 0 && (
            <>
              <p>{t('plugins.testUnsafe', { count: unsafe.length })}</p>
              <Checkbox
                label={t('plugins.testAllUnsafe')}
                checked={chosen.size === unsafe.length}
                indeterminate={chosen.size > 0 && chosen.size < unsafe.length}
                onChange={(all) => setChosen(new Set(all ? unsafe.map(({ operationId }) => operationId) : []))}
              />
              <ul className={styles['choices']}>
                {unsafe.map(({ operationId, method, path }) => (
                  <li key={operationId}>
                    <Checkbox
                      label={
                        <>
                          {operationId}{' '}
                          <code className={styles['quiet']}>
                            {method} {path}
                          </code>
                        </>
                      }
                      checked={chosen.has(operationId)}
                      onChange={() => setChosen(toggled(chosen, operationId))}
                    />
                  </li>
                ))}
              </ul>
            </>
          )}
        </>
      )}
    </Dialog>
  )
}

import { Ellipsis, FlaskConical } from 'lucide-react'
import type { Key } from '../../../shared/contracts/keys.ts'
import { useText } from '../../i18n/language.ts'
import { IconButton } from '../../ui/IconButton.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { testKey } from './key-actions.tsx'
import type { OpenKey } from './key-address.ts'
import { keyMenu } from './key-menu.ts'
import { useTesting } from './testing-store.ts'

/** Testing at hand, the rest behind ⋯: on a row and at the top of the drawer. */
export function KeyRowActions({ entry, open }: { readonly entry: Key; readonly open: OpenKey }) {
  const t = useText()
  const { id, name } = entry
  const testing = useTesting(({ ids }) => ids.has(id))
  const label = t('keys.actionsFor', { name })
  return (
    <>
      <IconButton
        icon={FlaskConical}
        label={t('keys.testNamed', { name })}
        shortcut="T"
        disabled={testing}
        onClick={() => void testKey(entry)}
      />
      <Menu label={label} trigger={<IconButton icon={Ellipsis} label={label} />} items={keyMenu(entry, t, open)} />
    </>
  )
}

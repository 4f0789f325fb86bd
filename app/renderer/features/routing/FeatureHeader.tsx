import { Ellipsis, Trash2 } from 'lucide-react'
import type { Ref } from 'react'
import { type Feature, type FeatureRules, Strategy } from '../../../shared/contracts/routing.ts'
import { useText } from '../../i18n/language.ts'
import { IconButton } from '../../ui/IconButton.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { SegmentedControl } from '../../ui/SegmentedControl.tsx'
import { Select } from '../../ui/Select.tsx'
import { TextField } from '../../ui/TextField.tsx'
import styles from './Routing.module.css'
import { removeFeature } from './routing-actions.ts'
import { useRoutingView } from './routing-view.ts'
import { actorName, strategyNames } from './routing-words.ts'

/** What the feature is, who changed it last, and how one of several keys is chosen. */
export function FeatureHeader({
  heading,
  name,
  feature,
  rules,
  onChange,
}: {
  readonly heading: Ref<HTMLHeadingElement>
  readonly name: string
  readonly feature: Feature | null
  readonly rules: FeatureRules
  /** Null while the rules cannot be changed here. */
  readonly onChange: ((rules: FeatureRules) => void) | null
}) {
  const t = useText()
  const view = useRoutingView((state) => state.view)
  const actions = t('routing.actionsFor', { name })
  return (
    <header className={styles['header']}>
      <div className={styles['heading']}>
        <h2 ref={heading} tabIndex={-1} title={name}>
          {name}
        </h2>
        <span className={styles['facts']}>
          {feature ? (
            <>
              {t('routing.revision', { revision: String(feature.revision) })} ·{' '}
              <RelativeTime time={feature.updatedAt} /> · {actorName(feature.updatedBy, t)}
            </>
          ) : (
            t('routing.notKeptYet')
          )}
        </span>
      </div>
      <div className={styles['controls']}>
        <div className={styles['description']}>
          <TextField
            label={t('routing.description')}
            hideLabel
            value={rules.description}
            placeholder={t('routing.description')}
            disabled={onChange === null}
            onChange={(description) => onChange?.({ ...rules, description: description.slice(0, 500) })}
          />
        </div>
        <div className={styles['strategy']}>
          <Select
            label={t('routing.strategy')}
            hideLabel
            value={rules.strategy}
            options={Strategy.options.map((value) => ({ value, label: t(strategyNames[value]) }))}
            disabled={onChange === null}
            onChange={(strategy) => onChange?.({ ...rules, strategy })}
          />
        </div>
        <SegmentedControl
          label={t('routing.view')}
          value={view}
          options={[
            { value: 'picture', label: t('routing.viewPicture') },
            { value: 'both', label: t('routing.viewBoth') },
            { value: 'yaml', label: t('routing.viewYaml') },
          ]}
          onChange={(next) => useRoutingView.setState({ view: next })}
        />
        {feature && (
          <Menu
            label={actions}
            trigger={<IconButton icon={Ellipsis} label={actions} />}
            items={[
              {
                key: 'remove',
                label: feature.seeded ? t('routing.seededStays') : t('routing.remove', { name }),
                icon: Trash2,
                danger: !feature.seeded,
                disabled: feature.seeded,
                onSelect: () => void removeFeature(feature),
              },
            ]}
          />
        )}
      </div>
    </header>
  )
}

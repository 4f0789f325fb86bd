import { useId, useRef, useState } from 'react'
import { navigate } from 'wouter/use-hash-location'
import { type Agent, type AgentFacts, MOST_TOOLS } from '../../../shared/contracts/agents.ts'
import type { Plugin } from '../../../shared/contracts/plugins.ts'
import { useText } from '../../i18n/language.ts'
import { rpc } from '../../rpc/rpc.ts'
import { run } from '../../shell/run.ts'
import { toast } from '../../shell/toasts.ts'
import { Button } from '../../ui/Button.tsx'
import { Checkbox } from '../../ui/Checkbox.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { TextArea } from '../../ui/TextArea.tsx'
import { TextField } from '../../ui/TextField.tsx'
import { Words } from '../../ui/Words.tsx'
import styles from './Agents.module.css'
import { agentPath } from './agents-address.ts'
import { isCallable, useInstalledPlugins, useModels } from './use-agents.ts'

const none: AgentFacts = { name: '', description: '', instructions: '', plugins: [], model: null }
/** Models that are offered as buttons; any other can be written. */
const OFFERED = 12

/** Creates an agent (`agent` null) or changes one. */
export function AgentDialog({ agent, onClose }: { readonly agent: Agent | null; readonly onClose: () => void }) {
  const t = useText()
  const [facts, setFacts] = useState<AgentFacts>(() => factsOf(agent ?? none))
  const [checked, setChecked] = useState(false)
  const [busy, setBusy] = useState(false)
  const instructions = useId()
  const first = useRef<HTMLInputElement>(null)
  const edit = (part: Partial<AgentFacts>) => setFacts((before) => ({ ...before, ...part }))
  const name = facts.name.trim()
  const over = (text: string, most: number) =>
    text.length > most ? t('agents.tooLong', { count: text.length, most }) : null
  const wrong = {
    name: over(name, 120) ?? (checked && name === '' ? t('agents.nameMissing') : null),
    description: over(facts.description, 2000),
    instructions: over(facts.instructions, 20_000),
  }
  const tooLong = [over(name, 120), wrong.description, wrong.instructions].some((one) => one !== null)

  const save = async () => {
    setChecked(true)
    if (name === '') first.current?.focus()
    if (busy || name === '' || tooLong) return
    setBusy(true)
    const model = facts.model?.trim() || null
    const wanted = { ...facts, name, model: model === 'auto' ? null : model }
    if (agent === null) {
      const made = await run(rpc.agents.create(wanted))
      if (made) {
        onClose()
        navigate(agentPath(made.id))
      }
    } else if (await run(rpc.agents.change({ id: agent.id, facts: wanted }).then(() => true))) {
      toast({ text: t('agents.changed', { name }) })
      onClose()
    }
    setBusy(false)
  }
  return (
    <Dialog
      open
      wide
      title={agent ? t('agents.editTitle', { name: agent.name }) : t('agents.newAgent')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button variant="primary" busy={busy} onClick={() => void save()}>
            {t(agent ? 'agents.save' : 'agents.create')}
          </Button>
        </>
      }
    >
      <div className={styles['form']}>
        <TextField
          label={t('agents.name')}
          ref={first}
          value={facts.name}
          error={wrong.name}
          onChange={(next) => edit({ name: next })}
          onEnter={() => void save()}
        />
        <TextField
          label={t('agents.description')}
          value={facts.description}
          error={wrong.description}
          onChange={(description) => edit({ description })}
        />
        <div>
          <label htmlFor={instructions} className={styles['label']}>
            {t('agents.instructions')}
          </label>
          <TextArea
            id={instructions}
            label={t('agents.instructions')}
            placeholder={t('agents.instructionsHint')}
            rows={5}
            value={facts.instructions}
            onChange={(next) => edit({ instructions: next })}
          />
          {wrong.instructions && (
            <p role="alert" className={styles['tooLong']}>
              {wrong.instructions}
            </p>
          )}
        </div>
        <ModelField value={facts.model} onChange={(model) => edit({ model })} />
        <PluginChoice chosen={facts.plugins} onChange={(plugins) => edit({ plugins })} />
      </div>
    </Dialog>
  )
}

const factsOf = ({ name, description, instructions, plugins, model }: AgentFacts): AgentFacts => ({
  ...{ name, description, instructions, plugins, model },
})

function ModelField({
  value,
  onChange,
}: {
  readonly value: string | null
  readonly onChange: (value: string | null) => void
}) {
  const t = useText()
  const models = useModels()
  return (
    <div>
      <TextField
        label={t('agents.model')}
        value={value ?? ''}
        placeholder={t('agents.auto')}
        hint={t('agents.modelHint')}
        mono
        onChange={(next) => onChange(next === '' ? null : next.slice(0, 200))}
      />
      <Words
        label={t('agents.model')}
        words={[null, ...models.slice(0, OFFERED)].map((model) => ({ value: model, text: model ?? t('agents.auto') }))}
        value={value}
        onChange={onChange}
      />
    </div>
  )
}

/** Active plugins to choose from; one that was chosen and is not active any more stays until it is taken out. */
function PluginChoice({
  chosen,
  onChange,
}: {
  readonly chosen: readonly string[]
  readonly onChange: (chosen: string[]) => void
}) {
  const t = useText()
  const plugins = useInstalledPlugins()
  const known = plugins ?? []
  // What the agent has stands first; it does not move while it is clicked.
  const [had] = useState(chosen)
  const offered = known
    .filter((plugin) => chosen.includes(plugin.id) || isCallable(plugin))
    .sort((a, b) => Number(had.includes(b.id)) - Number(had.includes(a.id)))
  const missing = plugins ? chosen.filter((id) => !known.some((one) => one.id === id)) : []
  const toggle = (id: string, on: boolean) => onChange(on ? [...chosen, id] : chosen.filter((one) => one !== id))
  const tools = offered.filter(({ id }) => chosen.includes(id)).reduce((sum, one) => sum + one.callableCount, 0)
  return (
    <fieldset className={styles['plugins']}>
      <legend>{t('agents.plugins')}</legend>
      {plugins !== null && offered.length + missing.length === 0 && (
        <p className={styles['none']}>{t('agents.noPlugins')}</p>
      )}
      {missing.map((id) => (
        <Checkbox key={id} label={id} hint={t('agents.pluginGone')} checked onChange={(on) => toggle(id, on)} />
      ))}
      {offered.map((plugin) => (
        <Checkbox
          key={plugin.id}
          label={plugin.name}
          hint={hintOf(plugin, t)}
          checked={chosen.includes(plugin.id)}
          onChange={(on) => toggle(plugin.id, on)}
        />
      ))}
      {tools > MOST_TOOLS && <p className={styles['none']}>{t('agents.tooManyTools', { most: MOST_TOOLS, tools })}</p>}
    </fieldset>
  )
}

const hintOf = (plugin: Plugin, t: ReturnType<typeof useText>): string =>
  isCallable(plugin) ? t('agents.toolCount', { count: plugin.callableCount }) : t('agents.pluginInactive')

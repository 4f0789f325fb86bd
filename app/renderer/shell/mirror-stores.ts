import { create } from 'zustand'
import type { DockerState } from '../../shared/contracts/docker.ts'
import type { HostInfo } from '../../shared/contracts/host.ts'
import type { Notice } from '../../shared/contracts/notices.ts'
import { defaultSettings, type Settings } from '../../shared/contracts/settings.ts'
import type { StoreState } from '../../shared/contracts/store.ts'
import type { Task, TasksUpdate } from '../../shared/contracts/tasks.ts'

// Mirrors of what main holds, for every page. Only mirrors.ts writes them; null is "not heard yet".

export const useDocker = create<{ readonly state: DockerState | null }>(() => ({ state: null }))
export const useHost = create<{ readonly info: HostInfo | null }>(() => ({ info: null }))
export const useNotices = create<{ readonly notices: readonly Notice[] }>(() => ({ notices: [] }))
export const useStoreState = create<{ readonly state: StoreState | null }>(() => ({ state: null }))
export const useSettings = create<{ readonly settings: Settings; readonly heard: boolean }>(() => ({
  settings: defaultSettings,
  heard: false,
}))

export interface TasksState {
  readonly byId: ReadonlyMap<string, Task>
}
export const useTasks = create<TasksState>(() => ({ byId: new Map() }))

export function applyTasks(state: TasksState, update: TasksUpdate): TasksState {
  if (update.kind === 'snapshot') return { byId: new Map(update.tasks.map((task) => [task.id, task])) }
  const byId = new Map(state.byId)
  for (const task of update.upserted) byId.set(task.id, task)
  for (const id of update.removed) byId.delete(id)
  return { byId }
}

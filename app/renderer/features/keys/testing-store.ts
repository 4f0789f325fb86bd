import { create } from 'zustand'

/** Ids of the keys whose test is under way in this window; main says nothing of it before it ends. */
export const useTesting = create<{ readonly ids: ReadonlySet<string> }>(() => ({ ids: new Set() }))

/** Marks a key as being tested for as long as the work takes. */
export async function whileTesting<T>(id: string, work: Promise<T>): Promise<T> {
  useTesting.setState(({ ids }) => ({ ids: new Set(ids).add(id) }))
  try {
    return await work
  } finally {
    useTesting.setState(({ ids }) => ({ ids: new Set([...ids].filter((other) => other !== id)) }))
  }
}

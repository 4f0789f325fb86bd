import { create } from 'zustand'
import { ConfirmDialog, type ConfirmDialogProps } from '../ui/ConfirmDialog.tsx'

export type Question = Omit<ConfirmDialogProps, 'onConfirm' | 'onCancel' | 'busy'>

const useQuestion = create<{ readonly asked: (Question & { readonly answer: (yes: boolean) => void }) | null }>(() => ({
  asked: null,
}))

/** Asks the operator; false when it was cancelled. One question at a time: a second one cancels the first. */
export function confirm(question: Question): Promise<boolean> {
  useQuestion.getState().asked?.answer(false)
  return new Promise((resolve) => {
    const answer = (yes: boolean) => {
      useQuestion.setState({ asked: null })
      resolve(yes)
    }
    useQuestion.setState({ asked: { ...question, answer } })
  })
}

/** Where `confirm` appears; rendered once, by the shell. */
export function ConfirmHost() {
  const { asked } = useQuestion()
  if (!asked) return null
  const { answer, ...question } = asked
  return <ConfirmDialog {...question} onConfirm={() => answer(true)} onCancel={() => answer(false)} />
}

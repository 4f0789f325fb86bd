import { Component, type ErrorInfo, type ReactNode } from 'react'
import { currentText } from '../i18n/language.ts'
import { Button } from '../ui/Button.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'

interface State {
  readonly error: Error | null
  readonly stack: string
}

/** A page that breaks leaves the frame standing, and says what to hand on. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { error: null, stack: '' }

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }

  override componentDidCatch(_error: unknown, info: ErrorInfo): void {
    this.setState({ stack: info.componentStack ?? '' })
  }

  override render(): ReactNode {
    const { error, stack } = this.state
    if (error === null) return this.props.children
    const t = currentText()
    return (
      <ErrorState
        sentence={t('shell.crashTitle')}
        advice={t('shell.crashText')}
        code={`${error.name}: ${error.message}`}
        details={`${error.stack ?? ''}\n${stack}`}
        action={
          <Button variant="primary" onClick={() => location.reload()}>
            {t('shell.reload')}
          </Button>
        }
      />
    )
  }
}

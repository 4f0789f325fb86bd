import { useEffect, useState } from 'react'
import { layerIsOpen } from '../../../ui/layers.ts'
import { type Dropped, isCurl, pickedByDrop, pickedByInput, pickedCurl } from './picked-packages.ts'

const editable = 'input, textarea, [contenteditable="true"], [data-keeps-keys]'
/** Those take files themselves: a tool's file argument. */
const takesFiles = 'input[type="file"], [data-takes-files]'

/**
 * The whole window takes packages, on any page. True while files are dragged over it. A text that is a curl command is
 * one too, dropped or pasted; in a field it stays a text.
 */
export function useDropZone(onPackages: (dropped: readonly Dropped[]) => void): boolean {
  const [over, setOver] = useState(false)
  useEffect(() => {
    const stop = new AbortController()
    const listen = <E extends keyof WindowEventMap>(name: E, listener: (event: WindowEventMap[E]) => void) =>
      window.addEventListener(name, listener, { signal: stop.signal })

    const enter = (event: DragEvent) => {
      if (within(event, takesFiles)) return setOver(false)
      if (hasFiles(event)) setOver(true)
      else if (!hasText(event) || within(event, editable)) return
      // Without this the browser would open the file in place of the console.
      event.preventDefault()
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy'
    }
    listen('dragenter', enter)
    listen('dragover', enter)
    listen('dragleave', (event) => {
      if (event.relatedTarget === null) setOver(false)
    })
    listen('drop', (event) => {
      setOver(false)
      const { dataTransfer } = event
      if (!dataTransfer || within(event, takesFiles)) return
      if (hasFiles(event)) {
        event.preventDefault()
        onPackages(pickedByDrop(dataTransfer))
      } else if (!within(event, editable)) {
        const text = dataTransfer.getData('text/plain')
        if (!isCurl(text)) return
        event.preventDefault()
        onPackages([pickedCurl(text)])
      }
    })
    document.addEventListener(
      'paste',
      (event) => {
        const target = event.target instanceof Element ? event.target : null
        if (event.defaultPrevented || target?.closest(editable) || layerIsOpen(event)) return
        const files = [...(event.clipboardData?.files ?? [])]
        const text = event.clipboardData?.getData('text/plain') ?? ''
        if (files.length > 0) onPackages(pickedByInput(files))
        else if (isCurl(text)) onPackages([pickedCurl(text)])
      },
      { signal: stop.signal },
    )
    return () => stop.abort()
  }, [onPackages])
  return over
}

const hasFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') ?? false
const hasText = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('text/plain') ?? false
const within = ({ target }: DragEvent, selector: string) =>
  target instanceof Element && target.closest(selector) !== null

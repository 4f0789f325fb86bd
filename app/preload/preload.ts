import { contextBridge, ipcRenderer } from 'electron'
import type { Link } from '../shared/rpc/link.ts'

const desktopLink: Link = {
  send: (frame) => ipcRenderer.send('frame', frame),
  onFrame: (listener) => void ipcRenderer.on('frame', (_event, frame: string) => listener(frame)),
  onClose: () => {}, // the page never outlives the main process
}

ipcRenderer.send('open') // this document's link begins: one that was open belonged to the document before
contextBridge.exposeInMainWorld('desktopLink', desktopLink)

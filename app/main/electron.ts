import { app } from 'electron'

// The window, tray and menu come with the desktop host; until then the browser host is the only one.
app.whenReady().then(() => app.quit())

/** The frame around every page. */
export const shell = {
  pages: 'Pages',
  overview: 'Overview',
  services: 'Services',
  images: 'Images',
  settings: 'Settings',
  attention: { one: '{count} needs attention', other: '{count} need attention' },
  search: 'Search pages, services, actions…',
  statusBar: 'Status',
  messages: 'Messages',
  copyCommand: 'Copy the command',
  disconnected: 'The console does not answer; trying again. What you see may be out of date.',
  connecting: 'Connecting to the console',
  refusedTitle: 'This link has already been used',
  refusedText:
    'The console signs in one browser with the link it prints at its start. Open that link again, or restart the console for a new one.',
  refusedCommand: 'Start the console with',
  crashTitle: 'This page could not be shown',
  crashText:
    'The console itself goes on. Load the page again; if it comes back, copy the details for whoever helps you.',
  reload: 'Load again',
}

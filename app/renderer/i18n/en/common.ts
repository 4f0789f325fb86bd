/** Words of the component kit. */
export const common = {
  productName: 'Pilothouse',
  loading: 'Loading',
  close: 'Close',
  cancel: 'Cancel',
  copied: 'Copied',
  copyDetails: 'Copy the details',
  clear: 'Clear',
  wholePage: 'Show on the whole page',
  besideList: 'Show beside the list',
  resizeDrawer: 'Width of the details',
  selectAll: 'Select all',
  selectRow: 'Select {name}',
  actions: 'Actions',
  dismiss: 'Dismiss',
  undo: 'Undo',
  typeToConfirm: 'Type {text} to confirm',
}

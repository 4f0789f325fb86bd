export const services = {
  name: 'Name',
  state: 'State',
  image: 'Image',
  restart: 'Restart',
  restartNamed: 'Restart {name}',
  empty: 'No services',
  emptyText: 'Containers of this Docker engine appear here by themselves.',
}

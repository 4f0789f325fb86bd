export const terminal = {
  of: 'Terminal in {name}',
  command: 'Command',
  commandPlaceholder: 'Shell, or a command such as psql -U postgres',
  openQuote: 'A quote is not closed.',
  start: 'Start',
  again: 'Open again',
  ended: 'The program has ended.',
  endedWith: 'The program has ended with exit code {code}.',
  notRunning: '{name} is not running; start it to open a terminal.',
}

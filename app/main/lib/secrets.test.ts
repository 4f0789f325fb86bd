import { expect, test } from 'vitest'
import { looksSecret, maskArguments, maskText, withoutSecrets } from './secrets.ts'

const random = 'q7Zt2LmX9vRb4KcW8sNf3HdJ'

test('variables are hidden by their name or by their value, and ordinary ones stay readable', () => {
  const hidden: [string, string][] = [
    ['API_KEY', 'abc'],
    ['MYSQL_ROOT_PASSWORD', '123456'],
    ['POSTGRES_PASSWD', 'x'],
    ['DB_PWD', 'x'],
    ['SESSION_SECRET', 'x'],
    ['githubToken', 'x'],
    ['GOOGLE_CREDENTIALS', '{}'],
    ['BASIC_AUTH', 'u:p'],
    ['PRIVATE_PEM', 'x'],
    ['SENTRY_DSN', 'x'],
    ['SECRETKEY2', 'x'],
    ['DATABASE_URL', 'postgres://app:hunter2@db:5432/app'],
    ['CACHE', 'redis://:hunter2@cache'],
    ['MODEL', `sk-${random}`],
    ['OTHER', random],
    ['SEED', 'deadbeef'.repeat(8)],
  ]
  const shown: [string, string][] = [
    ['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin'],
    ['PWD', '/app'],
    ['AUTHOR', 'Bob'],
    ['KEYBOARD', 'us'],
    ['TOKENIZERS_PARALLELISM', 'maybe'],
    ['MAX_TOKENS', '4096'],
    ['AUTH_ENABLED', 'true'],
    ['POSTGRES_PASSWORD_FILE', '/run/secrets/db'],
    ['PYTHON_SHA256', 'deadbeef'.repeat(8)],
    ['UPSTREAM', 'http://gateway:8080/v1'],
    ['JAVA_OPTS', '-XX:MaxRAMPercentage=75.0 -Dspring.profiles.active=production'],
    ['API_KEY', ''],
  ]
  expect(hidden.filter(([name, value]) => !looksSecret(name, value))).toEqual([])
  expect(shown.filter(([name, value]) => looksSecret(name, value))).toEqual([])
})

test('in a text only the secret itself is masked', () => {
  const id = '4f66ad9f0b2e4f66ad9f0b2e4f66ad9f0b2e4f66ad9f0b2e4f66ad9f0b2e4f66'
  expect(
    [
      'connecting to postgres://app:hunter2@db:5432/app failed',
      'login password="two words" user=bob',
      '{"apiKey": "abc", "model": "m"}',
      'Authorization: Bearer abcdefgh12345678',
      `using sk-${random} for ${id}`,
      'mysql --password hunter2 --host db',
      'exec: password=hunter2',
      `random ${random} end`,
      'user-service-deployment-production-2 is up',
      '-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----',
    ].map(maskText),
  ).toEqual([
    'connecting to postgres://app:***@db:5432/app failed',
    'login password="***" user=bob',
    '{"apiKey": "***", "model": "m"}',
    'Authorization: Bearer ***',
    `using *** for ${id}`,
    'mysql --password *** --host db',
    'exec: password=***',
    'random *** end',
    'user-service-deployment-production-2 is up',
    '***',
  ])
})

test('the argument after a secret-looking flag is masked', () => {
  expect(maskArguments(['redis-server', '--requirepass', 'hunter2', '--appendonly', 'yes', '--token=abc'])).toEqual([
    'redis-server',
    '--requirepass',
    '***',
    '--appendonly',
    'yes',
    '--token=***',
  ])
})

test('a line of a megabyte is masked in linear time', () => {
  const lines = [
    'a'.repeat(1e6),
    'a=b:'.repeat(250_000),
    '-----BEGIN A PRIVATE KEY-----'.repeat(30_000),
    '--a '.repeat(250_000),
  ]
  expect(lines.map((line) => maskText(line).length > 0)).toEqual([true, true, true, true])
})

test('a secret that is known is found in whatever it stands in', () => {
  const secrets = ['opaque', 'opaque-long', 'quo"te', 'short', '']
  const text = `a opaque-long b opaque c ${JSON.stringify('quo"te')} d quo"te e short`
  expect(withoutSecrets(text, secrets)).toBe('a *** b *** c "***" d *** e short')
})

// The one rule of what looks like a secret, for pages, the log, the support bundle and `docker run` lines. It errs on the
// side of hiding: a hidden harmless value costs one audited click, a shown secret cannot be taken back.

/** What stands in the place of a secret. */
export const MASK = '***'

/** `camelCase`, `kebab-case` and `SNAKE_CASE` as words with one blank between them, lower case. */
const words = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[^A-Za-z0-9]+/g, ' ')
    .toLowerCase()

// Whole endings of a word for the short ones, so that AUTHOR, KEYBOARD, COMPASS_URL's "url" and TOKENIZERS stay readable.
const secretName =
  /secret|passw|passphrase|credential|private|authorization|token(?!iz)|(?:key|pwd|dsn|auth|pass)s?\d*(?: |$)/

// A file or folder that holds a secret is no secret; PWD is the shell's present folder.
const pathName = /(?:^| )(?:file|path|dir|home|sock)$|^(?:old)?pwd$/
const harmless = /^(?:|true|false|yes|no|on|off|none|null)$/i

function namesSecret(name: string, value: string): boolean {
  const spoken = words(name)
  if (!secretName.test(spoken) || harmless.test(value)) return false
  if (pathName.test(spoken) && /^[/~.]|^[A-Za-z]:\\/.test(value)) return false
  // MAX_TOKENS=4096 counts, it does not open anything.
  return !(/tokens?(?: |$)/.test(spoken) && /^\d{1,9}$/.test(value))
}

// Every pattern is linear: bounded repeats, no nested ones, so that a line of a megabyte costs milliseconds.
const urlPassword = /(\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/@'"]{0,256}:)([^\s/@'"]{1,512})(?=@)/gi
const privateKey = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]{0,8000}?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g
const passwordHash = /\$(?:apr1|2[abxy]|5|6|argon2id?|scrypt)\$[^\s"']{8,300}/g
const knownToken =
  /\b(?:[sp]k-[\w-]{12,}|[sr]k_(?:live|test)_\w{8,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{12,}|xox[abeprs]-[\w-]{8,}|hf_\w{16,}|npm_\w{20,}|AKIA[0-9A-Z]{12,}|AIza[\w-]{20,}|ya29\.[\w-]{12,}|eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?)/g
const bearer = /\b(Bearer|Basic) +([\w.~+/=-]{8,})/gi
const longWord = /[A-Za-z0-9+_=-]{24,}/g
const hexWord = /^[0-9a-f-]+$/i

/** Letters and digits mixed as only a generator mixes them: names and words change their kind of character seldom. */
function looksRandom(word: string): boolean {
  const kind = (code: number) => (code < 58 ? 0 : code < 91 ? 1 : 2)
  let changes = 0
  for (let i = 1; i < word.length; i++) if (kind(word.charCodeAt(i)) !== kind(word.charCodeAt(i - 1))) changes++
  return changes >= word.length * 0.33 && /\d/.test(word)
}

/** Whether a variable's (or label's) value must be hidden, by its name or by what the value looks like. */
export function looksSecret(name: string, value: string): boolean {
  if (namesSecret(name, value)) return true
  if (maskText(value) !== value) return true
  // Hexadecimal: digests and ids say so in their name, keys often do not.
  const hex = /^(?:0x)?[0-9a-f]{32,}$/i.test(value)
  return hex && !/sha\d*|hash|digest|checksum|md5|commit|revision|version|\bid\b|image/.test(words(name))
}

// name=value, name: value, "name": "value", --name value. Only what follows a telling name is taken for its value, so
// that the second name of "exec: password=…" is seen as well.
const nameBefore = /(?<![\w.])([A-Za-z_][\w.-]{0,100})"?'? {0,4}[=:] {0,4}|(--?[A-Za-z][\w-]{0,60}) +(?!-)/g
const valueHere = /"(?:[^"\\]|\\.){0,4096}"|'[^']{0,4096}'|[^\s"'&;,]{1,4096}/y

function maskAssignments(text: string): string {
  let masked = ''
  let done = 0
  nameBefore.lastIndex = 0
  for (let found = nameBefore.exec(text); found; found = nameBefore.exec(text)) {
    const name = found[1] ?? found[2] ?? ''
    if (!secretName.test(words(name))) continue
    valueHere.lastIndex = nameBefore.lastIndex
    const value = valueHere.exec(text)?.[0]
    if (value === undefined) continue
    const quoted = /^(["'])([\s\S]*)\1$/.exec(value)
    const bare = quoted?.[2] ?? value
    if (bare === MASK || /^(?:Bearer|Basic)$/i.test(bare) || !namesSecret(name, bare)) continue
    const mark = quoted?.[1] ?? ''
    masked += `${text.slice(done, nameBefore.lastIndex)}${mark}${MASK}${mark}`
    done = nameBefore.lastIndex += value.length
  }
  return masked + text.slice(done)
}

/** A text with what looks like a secret replaced by `***`. Container ids and digests stay: people search by them. */
export function maskText(text: string): string {
  const plain = text
    .replace(privateKey, MASK)
    .replace(urlPassword, `$1${MASK}`)
    .replace(bearer, `$1 ${MASK}`)
    .replace(knownToken, MASK)
    .replace(passwordHash, MASK)
  return maskAssignments(plain).replace(longWord, (word) => (!hexWord.test(word) && looksRandom(word) ? MASK : word))
}

/** A text that repeats none of these secrets; those of fewer than six characters are words like any other. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  let safe = text
  // Long ones first: one may begin with another.
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) {
    if (secret.length < 6) continue
    safe = safe.replaceAll(secret, MASK)
    const inJson = JSON.stringify(secret).slice(1, -1)
    if (inJson !== secret) safe = safe.replaceAll(inJson, MASK)
  }
  return safe
}

/** Arguments of a command with secrets masked, the value after a secret-looking flag among them. */
export function maskArguments(list: readonly string[]): string[] {
  return list.map((argument, index) => {
    const before = list[index - 1] ?? ''
    const named = /^--?[A-Za-z][\w-]*$/.test(before) && !argument.startsWith('-') && namesSecret(before, argument)
    return named ? MASK : maskText(argument)
  })
}

import type { en } from './en.ts'

/** English needs two forms where a number is named (`{count}`); Chinese needs one. */
export interface Plural {
  readonly one: string
  readonly other: string
}
export type Text = string | Plural

/** The same keys in another language. */
export type Translation<T> = { readonly [K in keyof T]: Text }
export type Catalogue = { readonly [A in keyof typeof en]: Translation<(typeof en)[A]> }

/** `area.key`: a text that does not exist does not compile. */
export type TextKey = { [A in keyof typeof en]: `${A}.${keyof (typeof en)[A] & string}` }[keyof typeof en]

/** Values for the placeholders. A number is written the way the language writes numbers; a port or an id is a string. */
export type TextValues = Readonly<Record<string, string | number>>

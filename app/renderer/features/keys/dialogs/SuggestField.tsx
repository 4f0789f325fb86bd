import { TextField, type TextFieldProps } from '../../../ui/TextField.tsx'
import { Words } from '../../../ui/Words.tsx'
import styles from './Dialogs.module.css'

/** A field for any word, with the usual ones at hand. */
export function SuggestField({ suggestions, ...field }: TextFieldProps & { readonly suggestions: readonly string[] }) {
  return (
    <div className={styles['suggest']}>
      <TextField {...field} />
      <Words
        label={field.label}
        words={suggestions.map((word) => ({ value: word, text: word }))}
        value={field.value}
        onChange={field.onChange}
      />
    </div>
  )
}

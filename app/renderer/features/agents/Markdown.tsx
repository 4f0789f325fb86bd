import { Image } from 'lucide-react'
import { compiler, type MarkdownToJSX, RuleType } from 'markdown-to-jsx/react'
import { Fragment, memo, type ReactNode, useDeferredValue } from 'react'
import { useText } from '../../i18n/language.ts'
import { webAddress } from '../../shell/web-address.ts'
import { CopyButton } from '../../ui/CopyButton.tsx'
import styles from './Markdown.module.css'
import { blocksOf } from './markdown-blocks.ts'

/**
 * A model's words as they are meant: headings, lists, tables, code. Nothing in them is trusted: tags are shown as text,
 * pictures as links, and only addresses of the web lead anywhere. `growing` holds back marks that are not closed yet.
 */
export const Markdown = memo(function Markdown({
  text,
  growing = false,
}: {
  readonly text: string
  readonly growing?: boolean
}) {
  // A click goes before words that have just come.
  const shown = useDeferredValue(text)
  const blocks = blocksOf(shown)
  return (
    <div className={styles['markdown']}>
      {blocks.map((block, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks are only ever added at the end
        <Block key={at} text={block} growing={growing && at === blocks.length - 1} />
      ))}
    </div>
  )
})

const Block = memo(function Block({ text, growing }: { readonly text: string; readonly growing: boolean }) {
  try {
    return compiler(text, growing ? growingOptions : options)
  } catch {
    // What cannot be read as Markdown is still an answer.
    return <p className={styles['plain']}>{text}</p>
  }
})

const options: MarkdownToJSX.Options = {
  disableFrontmatter: true,
  disableParsingRawHTML: true,
  forceBlock: true,
  wrapper: Fragment,
  renderRule: (next, node, children, state) => renderNode(node, next, (nodes) => children(nodes, state), state.key),
}
const growingOptions: MarkdownToJSX.Options = { ...options, optimizeForStreaming: true }

function renderNode(
  node: MarkdownToJSX.ASTNode,
  asUsual: () => ReactNode,
  children: (nodes: MarkdownToJSX.ASTNode[]) => ReactNode,
  key: string | number | undefined,
): ReactNode {
  switch (node.type) {
    case RuleType.codeBlock:
      // One that is still open ends with a line that has nothing in it.
      return <CodeBlock key={key} text={node.text.replace(/\n$/, '')} language={node.lang ?? ''} />
    case RuleType.heading: {
      // Below the headings of the page, and without an id that another answer may have too.
      const Tag = node.level <= 2 ? 'h3' : node.level === 3 ? 'h4' : 'h5'
      return <Tag key={key}>{children(node.children)}</Tag>
    }
    case RuleType.link:
      return (
        <WebLink key={key} target={node.target}>
          {children(node.children)}
        </WebLink>
      )
    case RuleType.image:
      return <Picture key={key} target={node.target} alt={node.alt ?? ''} />
    case RuleType.table:
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached with the keyboard
        <div key={key} className={styles['table']} tabIndex={0}>
          {asUsual()}
        </div>
      )
    case RuleType.gfmTask:
      return <Fragment key={key}>{node.completed ? '☑' : '☐'} </Fragment>
    case RuleType.footnoteReference:
      // A link within the page would be an address of the console.
      return <sup key={key}>{node.text}</sup>
    default:
      return asUsual()
  }
}

function CodeBlock({ text, language }: { readonly text: string; readonly language: string }) {
  const t = useText()
  return (
    <div className={styles['code']}>
      <div className={styles['codeHead']}>
        <span>{language}</span>
        <CopyButton text={text} label={t('agents.copyCode')} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached with the keyboard */}
      <pre tabIndex={0}>
        <code>{text}</code>
      </pre>
    </div>
  )
}

/** Says on hover where it leads; what leads nowhere on the web is its words alone. */
function WebLink({ target, children }: { readonly target: string | null; readonly children: ReactNode }) {
  const address = webAddress(target)
  if (address === null) return children
  return (
    <a href={address} title={address} target="_blank" rel="noreferrer">
      {children}
    </a>
  )
}

function Picture({ target, alt }: { readonly target: string | null; readonly alt: string }) {
  const t = useText()
  return (
    <WebLink target={target}>
      <span className={styles['picture']}>
        <Image size={16} strokeWidth={1.5} role="img" aria-label={t('agents.picture')} />
        {alt || webAddress(target) || target}
      </span>
    </WebLink>
  )
}

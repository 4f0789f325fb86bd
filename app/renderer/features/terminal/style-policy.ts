/*
 * The page's policy is `style-src 'self'`: no <style> elements, no style attributes. xterm.js 6 makes both: <style>
 * elements for its theme, sizes and scrollbar while it opens, and `setAttribute('style', …)` on the <span>s of cells
 * with an exact colour. (Its option `documentOverride` reaches neither the scrollbar nor the cells.) What the policy
 * does allow are style sheets that a script constructs and `element.style`, so these two take their place.
 */

/** Runs `open` on a page where a <style> element that is made fills a constructed sheet instead. */
export function withConstructedSheets(open: () => void): void {
  const createElement = document.createElement.bind(document)
  const instead = (name: string) => (name === 'style' ? sheetElement(createElement('span')) : createElement(name))
  document.createElement = instead as Document['createElement']
  try {
    open()
  } finally {
    Reflect.deleteProperty(document, 'createElement') // the prototype's own is back
  }
}

/** Stands for a <style> element: its text becomes a sheet of the page, until it is removed. */
function sheetElement(element: HTMLElement): HTMLElement {
  const sheet = new CSSStyleSheet()
  document.adoptedStyleSheets.push(sheet)
  element.hidden = true
  Object.defineProperty(element, 'textContent', { set: (css: string) => sheet.replaceSync(css) })
  element.remove = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet)
    Element.prototype.remove.call(element)
  }
  return element
}

/** From now on a <span> whose style attribute is set by a script takes it; without this the policy would drop it. */
export function letSpansSetStyle(): void {
  HTMLSpanElement.prototype.setAttribute = function (this: HTMLSpanElement, name: string, value: string) {
    if (name === 'style') this.style.cssText = value
    else Element.prototype.setAttribute.call(this, name, value)
  }
}

/*
 * The page's policy is `style-src 'self'`: no <style> elements, no style attributes. xterm.js makes both: three <style>
 * elements for its theme, sizes and scrollbar, and `setAttribute('style', …)` for exact colours. What the policy does
 * allow are style sheets that a script constructs, and `element.style`. So xterm gets (as its `documentOverride`) this
 * document, which makes an element that fills a constructed sheet when asked for a <style>, and elements whose style
 * attribute is set through `element.style`. Everything else is the page's own document.
 */
export function styleFreeDocument(page: Document): Document {
  const createElement = (name: string) => {
    if (name === 'style') return sheetElement(page)
    const element = page.createElement(name)
    element.setAttribute = setAttribute
    return element
  }
  return new Proxy(page, {
    get(target, key) {
      if (key === 'createElement') return createElement
      const value = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
    set: (target, key, value) => Reflect.set(target, key, value, target),
  })
}

function setAttribute(this: HTMLElement, name: string, value: string): void {
  if (name === 'style') this.style.cssText = value
  else Element.prototype.setAttribute.call(this, name, value)
}

/** Stands for a <style> element: its text becomes a sheet of the page, until it is removed. */
function sheetElement(page: Document): HTMLElement {
  const sheet = new CSSStyleSheet()
  page.adoptedStyleSheets.push(sheet)
  const element = page.createElement('span')
  element.hidden = true
  Object.defineProperty(element, 'textContent', { set: (css: string) => sheet.replaceSync(css) })
  element.remove = () => {
    page.adoptedStyleSheets = page.adoptedStyleSheets.filter((other) => other !== sheet)
    Element.prototype.remove.call(element)
  }
  return element
}

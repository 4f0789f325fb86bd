/**
 * The places of all nodes of a text in two flat arrays: node i begins at `offsets[i]` (a member of a map at its key), and
 * what follows its subtree is node `nexts[i]`. A tree of objects would cost ten times the text; this costs a fraction of it.
 */
export class Places {
  offsets = new Int32Array(1024)
  nexts = new Int32Array(1024)
  #count = 0
  /** Children by their key, of the parents that were asked for: a search for each would be quadratic. */
  readonly #known = new Map<number, Map<string, number>>()

  /** Adds a node; its children are those that are added before `end` is called with it. */
  begin(offset: number): number {
    if (this.#count === this.offsets.length) {
      this.offsets = grown(this.offsets)
      this.nexts = grown(this.nexts)
    }
    this.offsets[this.#count] = offset
    return this.#count++
  }

  end(node: number): void {
    this.nexts[node] = this.#count
  }

  /** Where the path leads, as far down as it does; `keysOf` names the children of a node, in their order. */
  offsetOf(path: readonly string[], keysOf: (parent: number) => (child: number, position: number) => string): number {
    let node = 0
    for (const key of path) {
      let children = this.#known.get(node)
      if (children === undefined) {
        children = this.#childrenOf(node, keysOf(node))
        this.#known.set(node, children)
      }
      const child = children.get(key)
      if (child === undefined) break
      node = child
    }
    return this.offsets[node]!
  }

  #childrenOf(parent: number, keyOf: (child: number, position: number) => string): Map<string, number> {
    const children = new Map<string, number>()
    const limit = this.nexts[parent]!
    let position = 0
    // Of two members with one key the last one counts, as in the value.
    for (let node = parent + 1; node < limit; node = this.nexts[node]!) children.set(keyOf(node, position++), node)
    return children
  }
}

function grown(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2)
  larger.set(array)
  return larger
}
